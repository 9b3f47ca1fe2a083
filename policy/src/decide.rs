//! The decision: from what a guest asked for to what will happen, or to a denial.

mod environment;
mod streams;

pub(crate) use environment::verdict as variable_verdict;

use crate::check::{self, Size};
use crate::defaults::PIPE_BYTES;
use crate::pin::PinnedRule;
use crate::plan::{ChildLimits, SpawnPlan, SpecialPlan};
use crate::profile::Profile;
use crate::request::{GuestPath, Part, ProgramRequest, SpawnRequest};
use crate::rule::Rule;
use crate::{BoundPolicy, Denial, DenialReason};
use std::sync::Arc;

impl BoundPolicy {
    /// Decides on a request.
    ///
    /// # Authority
    ///
    /// The plan is the permission to launch what it says, and the only one.
    ///
    /// # Errors
    ///
    /// The request is malformed, too big, or not allowed.
    pub fn authorize(&self, request: &SpawnRequest) -> Result<SpawnPlan, Denial> {
        check::check(request).map_err(|reason| Denial::new(reason, None))?;
        let (pinned, profile) = self
            .pinned(&request.program)
            .map_err(|reason| Denial::new(reason, None))?;
        self.plan(pinned, profile, request).map_err(|reason| {
            let rule = &pinned.rule;
            Denial::new(reason, Some((rule.name.clone(), rule.place.clone())))
        })
    }

    /// The rule for a program, and what its children have.
    pub(crate) fn pinned(
        &self,
        program: &ProgramRequest,
    ) -> Result<(&PinnedRule, &Arc<Profile>), DenialReason> {
        match program {
            ProgramRequest::Shell(_) => {
                let shell = self.rules.shell.as_ref().zip(self.profiles.shell.as_ref());
                shell.ok_or(DenialReason::NoShell)
            }
            ProgramRequest::Named(name) if name.contains('/') => {
                Err(DenialReason::PathForName(name.clone()))
            }
            ProgramRequest::Named(name) => {
                let unknown = || DenialReason::UnknownProgram(name.clone());
                let rule = self.rules.programs.get(name);
                rule.zip(self.profiles.programs.get(name))
                    .ok_or_else(unknown)
            }
        }
    }

    fn plan(
        &self,
        pinned: &PinnedRule,
        profile: &Arc<Profile>,
        request: &SpawnRequest,
    ) -> Result<SpawnPlan, DenialReason> {
        let rule = &pinned.rule;
        let arg0 = arg0(rule, request)?;
        let cwd = self.cwd(request)?;
        let args = arguments(request);
        rule.matching_shape(&args, &self.child_paths(cwd.as_ref()))
            .map_err(DenialReason::NoShape)?;
        let env = environment::environment(rule, &request.env)?;
        Size::default()
            .arguments([&arg0])
            .arguments(&args)
            .variables(&env)
            .check()?;
        let [stdin, stdout, stderr] = streams::streams(&self.directories, request)?;
        Ok(SpawnPlan {
            program: pinned.program.clone(),
            arg0,
            args,
            env,
            cwd,
            stdin,
            stdout,
            stderr,
            special: special(rule, request)?,
            limits: ChildLimits {
                deadline: shorter(rule.limits.deadline, request.deadline),
                idle: shorter(rule.limits.idle, request.idle),
                drain: request
                    .drain
                    .map_or(rule.limits.drain, |drain| drain.min(rule.limits.drain)),
                ..rule.limits
            },
            teardown: rule.teardown.clone(),
            background: rule.background,
            signals: rule.signals,
            profile: Arc::clone(profile),
        })
    }

    fn cwd(&self, request: &SpawnRequest) -> Result<Option<GuestPath>, DenialReason> {
        let place = self.locate_cwd(request.cwd.as_deref());
        match (&request.cwd, place) {
            (Some(path), None) => Err(DenialReason::Outside {
                part: Part::WorkingDirectory,
                path: path.clone(),
            }),
            (_, place) => Ok(place),
        }
    }
}

/// The arguments that the program gets after argument 0.
pub(crate) fn arguments(request: &SpawnRequest) -> Vec<Vec<u8>> {
    match &request.program {
        ProgramRequest::Named(_) => request.args.clone(),
        ProgramRequest::Shell(line) => {
            let command = [b"-c".to_vec(), line.clone()];
            command
                .into_iter()
                .chain(request.args.iter().cloned())
                .collect()
        }
    }
}

fn arg0(rule: &Rule, request: &SpawnRequest) -> Result<Vec<u8>, DenialReason> {
    let name = rule.name.as_bytes();
    match &request.arg0 {
        Some(arg0) if arg0 != name && !rule.allow_arg0 => Err(DenialReason::Arg0(arg0.clone())),
        Some(arg0) => Ok(arg0.clone()),
        None => Ok(name.to_vec()),
    }
}

fn special(rule: &Rule, request: &SpawnRequest) -> Result<SpecialPlan, DenialReason> {
    let identity = request.user.is_some() || request.group.is_some();
    if (identity || request.extra_groups.is_some()) && !rule.allow_identity {
        return Err(DenialReason::Identity);
    }
    Ok(SpecialPlan {
        extra_pipes: request.extra_pipes.clone(),
        pipe_size: request.pipe_size.map(|size| size.min(PIPE_BYTES)),
        new_session: request.new_session,
        umask: request.umask.map(|mask| mask & 0o777),
        user: request.user.clone(),
        group: request.group.clone(),
        extra_groups: request.extra_groups.clone(),
    })
}

/// The shorter of two bounds, of which each may be missing.
fn shorter<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
