//! The warden as an ordinary file, for machines that execute no files in memory.

use anyhow::{Context, Result};
use offspring_host::launch::{WARDEN, use_warden_file};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The variable that names the file.
const VARIABLE: &str = "OFFSPRING_WARDEN";

/// Uses the file that the operator's environment names, if it does.
pub(crate) fn from_environment() -> Result<()> {
    let Some(file) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        return Ok(());
    };
    use_warden_file(&file).with_context(|| format!("{VARIABLE}={} is of no use", file.display()))
}

/// Writes the warden into a new file.
pub(crate) fn write(file: &Path) -> Result<()> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o755)
        .open(file)
        .and_then(|mut file| file.write_all(WARDEN));
    written.with_context(|| format!("{} cannot be written", file.display()))
}
