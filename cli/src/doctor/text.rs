//! The report for a reader.

use offspring_host::SandboxError;
use offspring_host::doctor::{Container, Feature, Landlock, Report, System};
use offspring_policy::Confinement;
use std::fmt::Write;

/// Where a table's third column begins.
const INDENT: &str = "                   ";

/// How long a line is at most, if its words are not longer.
const WIDTH: usize = 100;

/// The report, ending with what it means.
pub(super) fn text(report: &Report) -> String {
    let mut text =
        String::from("What confines the programs that guests launch, on this machine:\n\n");
    for tier in &report.tiers {
        row(
            &mut text,
            tier.confinement.name(),
            meaning(tier.confinement),
            &tier.tried,
        );
    }
    if !report.features.is_empty() {
        let _ = writeln!(
            text,
            "\nWhat a policy can say in tier {}:\n",
            report.strongest()
        );
    }
    let system = &report.system;
    for report in &report.features {
        row(
            &mut text,
            report.feature.name(),
            grant(report.feature, system),
            &report.tried,
        );
    }
    text.push_str("\nThe system:\n\n");
    for (name, value) in facts(&report.system) {
        let _ = writeln!(text, "  {name:15}  {value}");
    }
    text.push('\n');
    text.push_str(&verdict(report));
    text
}

fn row(text: &mut String, name: &str, meaning: &str, tried: &Result<(), SandboxError>) {
    let answer = if tried.is_ok() { "yes" } else { "no" };
    let _ = writeln!(text, "  {name:10}  {answer:3}  {meaning}");
    if let Err(error) = tried {
        paragraph(text, &format!("why: {}", error.fault()));
        for advice in error.advice() {
            paragraph(text, &format!("what to do: {advice}"));
        }
    }
}

/// Text in the table's third column, in lines of at most [`WIDTH`]. A setting stays with the word
/// before it, so that it can be copied.
fn paragraph(text: &mut String, words: &str) {
    const GLUE: &str = "sysctl\u{a0}";
    let words = words.replace("sysctl ", GLUE);
    let mut line = INDENT.to_owned();
    let mut hanging = INDENT.to_owned();
    for word in words.split(' ').map(|word| word.replace(GLUE, "sysctl ")) {
        if line.len() > hanging.len() && line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(text, "{line}");
            hanging = format!("{INDENT}  ");
            line.clone_from(&hanging);
        } else if line.len() > hanging.len() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    let _ = writeln!(text, "{line}");
}

fn meaning(confinement: Confinement) -> &'static str {
    match confinement {
        Confinement::Namespace => {
            "the default: they live in the guest's world, and see nothing else"
        }
        Confinement::Landlock => {
            "they see this machine's paths, and reach only the guest's directories"
        }
        Confinement::None => "they have all rights of whoever runs the host",
    }
}

fn grant(feature: Feature, system: &System) -> &'static str {
    match feature {
        Feature::Connect => "TCP to some ports: network = { connect = [443] }",
        Feature::Proc => "a /proc of the guest's children: proc = true",
        Feature::Processes if system.superuser => {
            "a bound on the number of processes: processes = 64; as root up to 300 more"
        }
        Feature::Processes => "a bound on the number of processes: processes = 64",
        _ => "",
    }
}

fn facts(system: &System) -> Vec<(&'static str, String)> {
    let release = system.kernel.as_deref().unwrap_or("of an unknown release");
    let user = if system.superuser {
        "root"
    } else {
        "an ordinary user"
    };
    let mut facts = vec![
        ("kernel", format!("{release}, {}", system.architecture)),
        ("user", user.to_owned()),
    ];
    if let Some(container) = system.container {
        facts.push(("container", container_name(container).to_owned()));
    }
    let landlock = match system.landlock {
        Landlock::Version(version) => format!("version {version}"),
        Landlock::Disabled => "not switched on".to_owned(),
        Landlock::Missing => "not in this kernel".to_owned(),
        Landlock::Refused => "refused".to_owned(),
    };
    facts.push(("Landlock", landlock));
    let set = &system.namespaces;
    let mut namespaces = match set.most {
        Some(most) => format!("at most {most} for each user"),
        None => "not told".to_owned(),
    };
    if set.unprivileged == Some(false) {
        namespaces.push_str("; for root only");
    }
    if set.apparmor_restricts == Some(true) {
        namespaces.push_str("; restricted by AppArmor");
    }
    facts.push(("user namespaces", namespaces));
    let mut seccomp = if system.seccomp {
        "filters can be installed".to_owned()
    } else {
        "no filters".to_owned()
    };
    if system.filtered {
        seccomp.push_str("; this command is behind one");
    }
    facts.push(("seccomp", seccomp));
    let memory = match system.memfd_noexec {
        Some(2) => "cannot be executed",
        _ => "can be executed",
    };
    facts.push(("memory files", memory.to_owned()));
    facts
}

fn container_name(container: Container) -> &'static str {
    match container {
        Container::Docker => "Docker",
        Container::Podman => "Podman",
        Container::Kubernetes => "Kubernetes",
        _ => "of some kind",
    }
}

/// What it all means for somebody who has said nothing of confinement.
fn verdict(report: &Report) -> String {
    let default = Confinement::Namespace;
    match (report.tried(default), report.strongest()) {
        (Ok(()), _) => format!("Policies that say nothing of confinement run in tier {default}.\n"),
        (Err(_), Confinement::None) => format!(
            "Policies that say nothing of confinement need tier {default}, and launch nothing \
             here.\nNeither tier can be had: change the machine, or write confinement = \"none\" \
             and trust\nwhat the policy allows with all rights of your user.\n"
        ),
        (Err(_), weaker) => format!(
            "Policies that say nothing of confinement need tier {default}, and launch nothing \
             here.\nChange the machine, or write fallback = \"{weaker}\" into the policy.\n"
        ),
    }
}
