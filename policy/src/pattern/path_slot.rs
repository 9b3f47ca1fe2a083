//! `{path}`: an argument that names a place beneath one of the guest's directories.

/// Why an argument is not admitted as a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathRefusal {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// Bytes that are not UTF-8, which no path of a WASI guest is.
    #[error("it is not UTF-8")]
    NotText,
    /// A control character, such as a newline.
    #[error("it holds a control character")]
    Control,
    /// A beginning that programs take for an option or a file of options.
    #[error("it begins with `-`, `+` or `@`, which programs take for an option; `./` helps")]
    Option,
    /// A colon in the first component, which programs take for a host or a URL.
    #[error("the `:` before its first `/` makes it a host or a URL; `./` helps")]
    Remote,
    /// A place outside of every directory of the guest, or out of the working directory's.
    #[error("it leads out of the guest's directories")]
    Outside,
    /// An absolute path that means another file to the unconfined child than to the guest.
    #[error(
        "an unconfined child sees another file there than the guest; use a path relative to \
         the working directory"
    )]
    AnotherFile,
}

/// What decides where a path leads.
pub(crate) trait Paths {
    /// Whether `path`, which is not empty, is beneath a directory of the guest.
    fn admit(&self, path: &str) -> Result<(), PathRefusal>;
}

/// Whether an argument is a path.
pub(super) fn check(argument: &[u8], paths: &dyn Paths) -> Result<(), PathRefusal> {
    let path = std::str::from_utf8(argument).map_err(|_| PathRefusal::NotText)?;
    let first = path.chars().next().ok_or(PathRefusal::Empty)?;
    if path.chars().any(char::is_control) {
        return Err(PathRefusal::Control);
    }
    if matches!(first, '-' | '+' | '@') {
        return Err(PathRefusal::Option);
    }
    // What git and RFC 3986 (section 4.2) do to tell `host:path` from a relative path.
    let component = path.split('/').next().unwrap_or(path);
    if component.contains(':') {
        return Err(PathRefusal::Remote);
    }
    paths.admit(path)
}
