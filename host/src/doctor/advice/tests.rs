//! Machines that cannot confine, each with the error that it gives.

use super::*;
use crate::doctor::UserNamespaces;
use SandboxStep::{Mounts, Namespaces, UserMap};

/// A machine that can do everything.
fn machine() -> System {
    System {
        kernel: Some("6.12.9".to_owned()),
        architecture: "x86_64",
        superuser: false,
        container: None,
        landlock: Landlock::Version(6),
        namespaces: UserNamespaces::default(),
        seccomp: true,
        filtered: false,
        memfd_noexec: Some(0),
    }
}

fn after(step: SandboxStep, errno: Errno, system: &System) -> Vec<Advice> {
    of(Confinement::Namespace, step, errno as i32, system)
}

fn of(wanted: Confinement, step: SandboxStep, errno: i32, system: &System) -> Vec<Advice> {
    let fault = StepFault {
        step,
        errno: (errno != 0).then_some(errno),
        what: String::new(),
    };
    advice(&SandboxFault::Step(fault), wanted, system)
}

#[test]
fn namespaces_that_are_switched_off_are_switched_on() {
    let mut system = machine();
    system.namespaces.unprivileged = Some(false);
    let found = after(Namespaces, Errno::EPERM, &system);
    assert_eq!(found, [Advice::AllowUserNamespaces]);
    let text = found[0].to_string();
    assert!(text.contains("sysctl kernel.unprivileged_userns_clone=1"));

    let found = after(Namespaces, Errno::ENOSPC, &machine());
    assert_eq!(found, [Advice::RaiseUserNamespaces]);
    assert!(found[0].to_string().contains("user.max_user_namespaces"));
}

#[test]
fn a_restriction_of_apparmor_is_named_at_whichever_step_it_is_met() {
    let mut system = machine();
    system.namespaces.apparmor_restricts = Some(true);
    for step in [Namespaces, UserMap, Mounts] {
        for errno in [Errno::EPERM, Errno::EACCES] {
            assert_eq!(after(step, errno, &system), [Advice::AllowInAppArmor]);
        }
    }
    let text = Advice::AllowInAppArmor.to_string();
    assert!(text.contains("kernel.apparmor_restrict_unprivileged_userns=0"));
}

#[test]
fn a_container_is_told_to_allow_it() {
    let mut system = machine();
    system.container = Some(Container::Docker);
    system.filtered = true;
    for (step, errno) in [(Namespaces, Errno::EPERM), (Mounts, Errno::EACCES)] {
        let found = after(step, errno, &system);
        assert_eq!(found, [Advice::AllowInContainer(Container::Docker)]);
        assert!(found[0].to_string().contains("--security-opt"));
    }
    system.container = Some(Container::Kubernetes);
    let found = after(Namespaces, Errno::EPERM, &system);
    assert!(found[0].to_string().contains("securityContext"));
}

#[test]
fn a_proc_that_is_partly_hidden_is_told_from_other_mounts() {
    let mut system = machine();
    system.container = Some(Container::Podman);
    let fault = StepFault {
        step: Mounts,
        errno: Some(Errno::EPERM as i32),
        what: "/proc".to_owned(),
    };
    let found = advice(&SandboxFault::Step(fault), Confinement::Namespace, &system);
    assert_eq!(found, [Advice::ShowWholeProc(Container::Podman)]);
}

#[test]
fn a_landlock_that_is_missing_or_off_or_old_is_told_apart() {
    let with = |wanted, landlock| {
        let system = System {
            landlock,
            ..machine()
        };
        of(wanted, SandboxStep::Landlock, 0, &system)
    };
    use Confinement::{Landlock as Only, Namespace};
    assert_eq!(with(Namespace, Landlock::Missing), [Advice::BuildLandlock]);
    assert_eq!(with(Only, Landlock::Disabled), [Advice::EnableLandlock]);
    let version = |wanted, version| with(wanted, Landlock::Version(version));
    assert_eq!(version(Namespace, 1), [Advice::UseKernel("5.19")]);
    // It is enough for the confinement, so that it was for the ports.
    assert_eq!(version(Namespace, 3), [Advice::UseKernel("6.7")]);
    assert_eq!(version(Only, 5), [Advice::UseKernel("6.12")]);
}

#[test]
fn a_machine_that_executes_no_files_in_memory_is_told_of_both_ways() {
    let mut system = machine();
    system.memfd_noexec = Some(2);
    let refused = || SandboxFault::Start(io::Error::from_raw_os_error(Errno::EACCES as i32));
    let found = advice(&refused(), Confinement::Landlock, &system);
    assert_eq!(found, [Advice::AllowMemoryFiles]);
    let text = found[0].to_string();
    assert!(text.contains("vm.memfd_noexec=1") && text.contains("ordinary file"));
    let found = advice(&refused(), Confinement::Landlock, &machine());
    assert_eq!(found, [Advice::FindWhatRefuses]);
}

#[test]
fn a_system_without_a_warden_is_told_which_ones_have_it() {
    let fault = SandboxFault::Start(io::ErrorKind::Unsupported.into());
    let found = advice(&fault, Confinement::Namespace, &machine());
    assert_eq!(found, [Advice::UseLinux]);
}

#[test]
fn a_fence_that_does_not_hold_is_to_be_reported() {
    let found = of(Confinement::Namespace, SandboxStep::Proof, 0, &machine());
    assert_eq!(found, [Advice::Report]);
}

#[test]
fn a_machine_that_counts_no_processes_is_told_what_would() {
    let fault = SandboxFault::Step(StepFault {
        step: SandboxStep::Bound,
        errno: None,
        what: String::new(),
    });
    let found = advice(&fault, Confinement::Namespace, &machine());
    assert_eq!(found, [Advice::CountProcesses]);
}
