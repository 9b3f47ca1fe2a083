//! `offspring doctor`: what this machine can enforce.

mod json;
mod text;

use crate::args::DoctorArgs;
use crate::{exit, report, warden};
use offspring_host::doctor::Report;
use offspring_policy::Confinement;

/// Examines this machine, and prints what was found: the exit code.
pub(crate) fn doctor(args: &DoctorArgs) -> i32 {
    if let Some(file) = &args.write_warden {
        return match warden::write(file) {
            Ok(()) => 0,
            Err(error) => {
                report::error(&error);
                exit::NOT_STARTED
            }
        };
    }
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
