//! The report as JSON, as `offspring doctor --help` describes it.

use offspring_host::doctor::{Container, Landlock, Report};
use offspring_host::{SandboxError, SandboxFault, SandboxStep};
use offspring_policy::Confinement;
use serde_json::{Value, json};

/// The report, in lines.
pub(super) fn json(report: &Report) -> String {
    let system = &report.system;
    let value = json!({
        "schema": 1,
        "version": env!("CARGO_PKG_VERSION"),
        "kernel": system.kernel,
        "architecture": system.architecture,
        "superuser": system.superuser,
        "container": system.container.map(container),
        "landlock": {
            "status": landlock(system.landlock),
            "version": system.landlock.version(),
        },
        "user_namespaces": {
            "most": system.namespaces.most,
            "unprivileged": system.namespaces.unprivileged,
            "apparmor_restricts": system.namespaces.apparmor_restricts,
        },
        "seccomp": {
            "filters": system.seccomp,
            "filtered": system.filtered,
        },
        "memfd_noexec": system.memfd_noexec,
        "default_tier": Confinement::Namespace.name(),
        "strongest_tier": report.strongest().name(),
        "tiers": tried(report.tiers.iter().map(|tier| (tier.confinement.name(), &tier.tried))),
        "features": tried(report.features.iter().map(|it| (it.feature.name(), &it.tried))),
    });
    format!("{value:#}")
}

fn tried<'a>(all: impl Iterator<Item = (&'a str, &'a Result<(), SandboxError>)>) -> Value {
    all.map(|(name, tried)| {
        json!({
            "name": name,
            "available": tried.is_ok(),
            "problem": tried.as_ref().err().map(problem),
        })
    })
    .collect()
}

fn problem(error: &SandboxError) -> Value {
    let advice: Vec<_> = error.advice().iter().map(ToString::to_string).collect();
    let (step, errno) = match error.fault() {
        SandboxFault::Step(fault) => (step(fault.step), fault.errno),
        SandboxFault::Start(error) | SandboxFault::Io(error) => ("start", error.raw_os_error()),
        _ => ("start", None),
    };
    json!({
        "text": error.fault().to_string(),
        "step": step,
        "errno": errno,
        "advice": advice,
    })
}

fn step(step: SandboxStep) -> &'static str {
    match step {
        SandboxStep::Namespaces => "namespaces",
        SandboxStep::UserMap => "user-map",
        SandboxStep::Mounts => "mounts",
        SandboxStep::Privileges => "privileges",
        SandboxStep::Landlock => "landlock",
        SandboxStep::Seccomp => "seccomp",
        SandboxStep::Bound => "bound",
        SandboxStep::Proof => "proof",
        _ => "processes",
    }
}

fn landlock(landlock: Landlock) -> &'static str {
    match landlock {
        Landlock::Version(_) => "active",
        Landlock::Disabled => "disabled",
        Landlock::Missing => "missing",
        Landlock::Refused => "refused",
    }
}

fn container(container: Container) -> &'static str {
    match container {
        Container::Docker => "docker",
        Container::Podman => "podman",
        Container::Kubernetes => "kubernetes",
        _ => "other",
    }
}
