//! What holds of every plan, whatever was asked for.

use crate::oracle::{TOTAL, streams, string};
use crate::rules::{IDLE, Rule, rule};
use crate::world::World;
use offspring_fuzz::paths::is_beneath;
use offspring_policy::{
    FilePlan, GuestPath, ProgramRequest, SpawnPlan, SpawnRequest, StdioPlan, StdioRequest,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Checks a plan.
pub fn check(plan: &SpawnPlan, request: &SpawnRequest, world: &World) {
    let rule = rule(&request.program, world).expect("what runs is named by the policy");
    program(plan, rule, world);
    arguments(plan, request, rule);
    environment(plan, request, rule);
    places(plan, request, world);
    bounds(plan, request, rule);
}

fn program(plan: &SpawnPlan, rule: &Rule, world: &World) {
    assert_eq!(plan.program().path(), world.bin.join(rule.name));
    let interpreter = plan.program().interpreter.as_ref();
    assert_eq!(
        interpreter.map(|it| it.path.as_path()),
        rule.interpreter.map(|it| world.bin.join(it)).as_deref()
    );
    assert!(interpreter.is_none_or(|it| it.args == [b"-e"]));
    assert_eq!(plan.confinement(), world.confinement);
    assert_eq!(plan.profile().confinement, world.confinement);
    assert!(plan.profile().execute.is_empty());
    assert!(plan.profile().tmp.is_none() && !plan.profile().proc);
}

fn arguments(plan: &SpawnPlan, request: &SpawnRequest, rule: &Rule) {
    let arg0 = request.arg0.as_deref().unwrap_or(rule.name.as_bytes());
    assert_eq!(plan.arg0(), arg0);
    match &request.program {
        ProgramRequest::Named(_) => assert_eq!(plan.args(), request.args),
        ProgramRequest::Shell(line) => {
            assert_eq!(plan.args()[..2], [b"-c".to_vec(), line.clone()]);
            assert_eq!(plan.args()[2..], request.args);
        }
    }
    let texts = || std::iter::once(plan.arg0()).chain(plan.args().iter().map(Vec::as_slice));
    assert!(texts().all(|it| it.len() < 131_072 && !it.contains(&0)));
    let texts: usize = texts().map(|it| string(it.len())).sum();
    let variables = plan.env().iter();
    let variables = variables.map(|(key, value)| string(key.len() + 1 + value.len()));
    assert!(texts + variables.sum::<usize>() <= TOTAL);
}

fn environment(plan: &SpawnPlan, request: &SpawnRequest, rule: &Rule) {
    // What the policy sets wins, and of what the guest sets the last.
    let asked = request.env.iter();
    let asked = asked.map(|(key, value)| (key.as_str(), value.as_slice()));
    let set = rule.set.iter().map(|(key, value)| (*key, value.as_bytes()));
    let expected: BTreeMap<_, _> = asked.chain(set).collect();
    let env = plan.env().iter();
    let env = env.map(|(key, value)| (key.as_str(), value.as_slice()));
    assert!(env.clone().eq(expected));
    for (key, value) in env {
        let set = rule.set.iter().any(|(other, _)| *other == key);
        assert!(
            set || rule.allowed.contains(&key),
            "{key} is in the environment"
        );
        assert!(!key.is_empty() && !key.contains(['=', '\0']) && !value.contains(&0));
    }
}

fn places(plan: &SpawnPlan, request: &SpawnRequest, world: &World) {
    let start = world.paths().start(request.cwd.as_deref());
    assert_eq!(
        plan.cwd().map(|it| (it.preopen, it.path.clone())),
        start,
        "the working directory"
    );
    plan.cwd().into_iter().for_each(|it| beneath(it, world));
    let planned = [plan.stdin(), plan.stdout(), plan.stderr()];
    for ((asked, _), planned) in streams(request).into_iter().zip(planned) {
        stream(asked, planned, world);
    }
}

fn stream(asked: &StdioRequest, planned: &StdioPlan, world: &World) {
    match (asked, planned) {
        (StdioRequest::Null, StdioPlan::Null)
        | (StdioRequest::Pipe, StdioPlan::Pipe)
        | (StdioRequest::Inherit, StdioPlan::Inherit)
        | (StdioRequest::Stdout, StdioPlan::Stdout)
        | (StdioRequest::Joined, StdioPlan::Joined) => {}
        (StdioRequest::File { path, mode, offset }, StdioPlan::File(plan)) => {
            let place = Some((plan.at.preopen, plan.at.path.clone()));
            assert_eq!(place, world.paths().locate(path));
            assert_eq!((plan.mode, plan.offset, plan.seen), (*mode, *offset, None));
            file(plan, world);
        }
        (StdioRequest::OpenFile(open), StdioPlan::File(plan)) => {
            assert_eq!(open, plan);
            file(plan, world);
        }
        _ => panic!("{asked:?} became {planned:?}"),
    }
}

fn file(plan: &FilePlan, world: &World) {
    beneath(&plan.at, world);
    assert!(world.directories[plan.at.preopen].writable || !plan.mode.writes());
}

fn beneath(place: &GuestPath, world: &World) {
    assert!(place.preopen < world.directories.len());
    assert!(is_beneath(&place.path), "{:?}", place.path);
    assert!(Path::new(&place.path).is_relative());
}

fn bounds(plan: &SpawnPlan, request: &SpawnRequest, rule: &Rule) {
    let limits = plan.limits();
    assert_eq!(limits.deadline, least([rule.deadline, request.deadline]));
    assert_eq!(limits.idle, least([Some(IDLE), request.idle]));
    assert_eq!(limits.output, rule.output);
    assert_eq!(Some(limits.drain), least([Some(rule.drain), request.drain]));
    assert!(plan.signals().iter().eq(rule.signals.iter().copied()));
    let special = plan.special();
    assert_eq!(special.extra_pipes, request.extra_pipes);
    assert_eq!(special.new_session, request.new_session);
    let most = |size: u32| if size > 1 << 20 { 1 << 20 } else { size };
    assert_eq!(special.pipe_size, request.pipe_size.map(most));
    assert_eq!(special.umask, request.umask.map(|mask| mask % 0o1000));
    assert_eq!(
        (&special.user, &special.group, &special.extra_groups),
        (&request.user, &request.group, &request.extra_groups)
    );
}

fn least<T: Ord>(bounds: [Option<T>; 2]) -> Option<T> {
    bounds.into_iter().flatten().min()
}
