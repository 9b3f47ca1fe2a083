//! The contract's types of WASI 0.3 and this library's.

use super::P3 as Own;
use super::bindings::offspring::process::process as wit;
use crate::contract::contract;

contract!(wit);
