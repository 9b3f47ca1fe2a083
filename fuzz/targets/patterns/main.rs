//! Argument patterns: any text as a pattern, and any bytes as an argument.

#![no_main]

mod generate;
mod oracle;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use offspring_fuzz::host::{Directory, Host};
use offspring_fuzz::paths::Paths;
use offspring_policy::{
    BoundPolicy, Confinement, DenialCode, Part, PatternError, PinnedPolicy, PolicyError, Preopen,
    Problem, ProgramBuilder, ProgramRequest, SpawnRequest,
};
use oracle::Pattern;
use std::path::PathBuf;
use std::sync::LazyLock;

/// A guest, and a program that it may run.
struct Guest {
    directories: Vec<Directory>,
    preopens: Vec<Preopen>,
    tool: PathBuf,
}

static GUEST: LazyLock<Guest> = LazyLock::new(|| {
    let host = Host::new();
    let mut directories = host.directories();
    directories.retain(|it| it.name != "logs");
    Guest {
        preopens: host.preopens(&directories),
        directories,
        tool: host.path("bin/tool"),
    }
});

fuzz_target!(|data: &[u8]| {
    let mut input = Unstructured::new(data);
    // An input that has come to its end is no fault.
    let _ = match input.arbitrary() {
        Ok(true) => any_text(&mut input),
        _ => pieces(&mut input),
    };
});

/// Any text is a pattern or is refused with a reason, and an argument takes linear time.
fn any_text(input: &mut Unstructured<'_>) -> Result<()> {
    let pattern: String = input.arbitrary()?;
    let part: Vec<u8> = input.arbitrary()?;
    let times = if !input.ratio(15, 16)? {
        131_000 / part.len().max(1)
    } else {
        1
    };
    let Ok(policy) = policy(&pattern) else {
        return Ok(());
    };
    let request = request(vec![part.repeat(times)]);
    let explanation = policy.explain(&request);
    assert!(!explanation.to_string().is_empty());
    assert_eq!(
        explanation
            .shapes
            .iter()
            .all(|it| it.disagreement.is_none()),
        allows(&policy, &request) || malformed(&request)
    );
    Ok(())
}

/// A pattern of simple slots admits what it says.
fn pieces(input: &mut Unstructured<'_>) -> Result<()> {
    let pattern = generate::pattern(input)?;
    let arguments = generate::arguments(input, &pattern)?;
    let policy = match policy(&pattern.text()) {
        Ok(policy) => policy,
        Err(error) => {
            // Slots that can end in many places, such as `{word}9{int}`, make large automata.
            let large = matches!(
                error.problem(),
                Problem::Pattern {
                    error: PatternError::TooComplicated,
                    ..
                }
            );
            assert!(large || !pattern.is_sound(), "{error}");
            return Ok(());
        }
    };
    assert!(pattern.is_sound(), "{} was taken", pattern.text());
    let guest = &*GUEST;
    let paths = Paths {
        directories: &guest.directories,
        by_guest_names: true,
    };
    let expected = admits(&pattern, &arguments, paths);
    let request = request(arguments);
    if !malformed(&request) {
        let allowed = allows(&policy, &request);
        assert_eq!(
            allowed,
            expected,
            "{} for {:?}",
            pattern.text(),
            request.args
        );
    }
    Ok(())
}

fn admits(pattern: &Pattern, arguments: &[Vec<u8>], paths: Paths<'_>) -> bool {
    let fits = |argument: &Vec<u8>| pattern.admits(argument, paths);
    (pattern.repeats() || arguments.len() == 1) && arguments.iter().all(fits)
}

/// The policy that allows one shape of one pattern.
fn policy(pattern: &str) -> Result<BoundPolicy, PolicyError> {
    let guest = &*GUEST;
    let tool = ProgramBuilder::new("tool")
        .path(&guest.tool)
        .shape([pattern]);
    let pinned = PinnedPolicy::builder(Confinement::Namespace)
        .program(tool)
        .build();
    let pinned = pinned.inspect_err(|error| {
        assert!(!error.to_string().is_empty());
        match error.problem() {
            Problem::Pattern { error, .. } => assert!(!error.to_string().is_empty()),
            other => panic!("{other} is no fault of a pattern"),
        }
    })?;
    for lint in pinned.lints() {
        assert!(!lint.to_string().is_empty());
    }
    Ok(pinned
        .bind(&guest.preopens)
        .expect("a pattern binds to any guest"))
}

fn request(args: Vec<Vec<u8>>) -> SpawnRequest {
    let mut request = SpawnRequest::new(ProgramRequest::Named("tool".to_owned()));
    request.args = args;
    request
}

/// Whether an argument is refused whatever the pattern is.
fn malformed(request: &SpawnRequest) -> bool {
    let bad = |argument: &Vec<u8>| argument.contains(&0) || argument.len() >= 131_072;
    request.args.iter().any(bad)
}

fn allows(policy: &BoundPolicy, request: &SpawnRequest) -> bool {
    match policy.authorize(request) {
        Ok(_) => true,
        Err(denial) => {
            let malformed = malformed(request);
            assert_eq!(
                denial.code(),
                match malformed {
                    true => DenialCode::InvalidArgument(Part::Arguments),
                    false => DenialCode::AccessDenied(Part::Arguments),
                }
            );
            assert!(!denial.to_string().is_empty());
            false
        }
    }
}
