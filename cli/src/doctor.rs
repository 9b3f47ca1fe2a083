//! `offspring doctor`: what this machine can enforce.

mod json;
mod text;

use crate::args::DoctorArgs;
use crate::exit;
use offspring_host::doctor::Report;
use offspring_policy::Confinement;

/// Examines this machine, and prints what was found: the exit code.
pub(crate) fn doctor(args: &DoctorArgs) -> i32 {
    let report = Report::examine();
    if args.json {
        println!("{}", json::json(&report));
    } else {
        print!("{}", text::text(&report));
    }
    match report.tried(Confinement::Namespace) {
        Ok(()) => 0,
        Err(_) => exit::CANNOT_CONFINE,
    }
}
