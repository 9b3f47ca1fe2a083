//! `--env`: a variable for the guest.

use std::env::{self, VarError};
use std::str::FromStr;

/// `NAME=VAL`, or `NAME` for the value that it has in the environment of this command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub name: String,
    pub value: String,
}

impl FromStr for Variable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => (text, inherited(text)?),
        };
        if name.is_empty() {
            return Err("the name of the variable is missing: write NAME=VAL or NAME".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

fn inherited(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| match error {
        VarError::NotPresent => format!("`{name}` is not set here; write {name}=VAL to set it"),
        VarError::NotUnicode(_) => format!("the value of `{name}` is not UTF-8"),
    })
}
