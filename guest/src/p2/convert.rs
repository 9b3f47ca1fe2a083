//! The contract's types of WASI 0.2 and this library's.

use super::P2 as Own;
use super::bindings::offspring::process::process as wit;
use crate::contract::contract;

contract!(wit);
