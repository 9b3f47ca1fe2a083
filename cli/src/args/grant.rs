//! `--allow`: a program that the guest may launch, with any arguments.

use std::path::{self, PathBuf};
use std::str::FromStr;

/// `NAME`, to be found in `PATH`, or `NAME=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub name: String,
    pub path: Option<PathBuf>,
}

impl FromStr for Grant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, path) = match text.split_once('=') {
            None => (text, None),
            Some((name, file)) => {
                let absolute = path::absolute(file);
                (
                    name,
                    Some(absolute.map_err(|error| format!("`{file}`: {error}"))?),
                )
            }
        };
        if name.contains('/') {
            return Err(format!(
                "guests call programs by a name: write --allow NAME={name}"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Grant;

    #[test]
    fn a_path_alone_is_refused_with_the_way_to_write_it() {
        let error = "/bin/sh".parse::<Grant>().unwrap_err();
        assert!(error.contains("--allow NAME=/bin/sh"), "{error}");
    }

    #[test]
    fn a_relative_file_is_one_of_the_working_directory() {
        let grant: Grant = "tool=bin/tool".parse().unwrap();
        let path = grant.path.unwrap();
        assert!(path.is_absolute() && path.ends_with("bin/tool"), "{path:?}");
    }
}
