//! The exit codes that are this command's own, as `--help` lists them.

/// A limit of the operator ended the guest, as timeout(1) says it.
pub(crate) const LIMIT: i32 = 124;

/// The guest could not be started.
pub(crate) const NOT_STARTED: i32 = 125;

/// `doctor`: the default tier of confinement cannot be had.
pub(crate) const CANNOT_CONFINE: i32 = 1;

/// The guest trapped: what a process has that called abort(3).
pub(crate) const TRAP: i32 = 128 + 6;

/// What a shell says of a process that a signal ended.
pub(crate) fn signal(number: i32) -> i32 {
    128 + number
}

/// `policy check`: there are warnings, and `--strict`.
pub(crate) const WARNINGS: i32 = 1;

/// `policy explain`: the policy refuses the request.
pub(crate) const REFUSED: i32 = 1;

/// `policy`: the policy cannot be loaded. Wrong arguments have this code everywhere.
pub(crate) const INVALID: i32 = 2;
