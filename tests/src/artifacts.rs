//! Where the components of the guests are, by the names of the programs.

include!(concat!(env!("OUT_DIR"), "/artifacts.rs"));
