//! `echo-lines`: answers each line of input with the same line in capitals.
#![no_main]

mod bare;

use std::io::{self, BufRead as _, Write as _};

bare::bare_main!(run);

fn run() -> i32 {
    let mut output = io::stdout();
    for line in io::stdin().lock().split(b'\n') {
        let mut line = line.expect("input can be read");
        line.make_ascii_uppercase();
        line.push(b'\n');
        output
            .write_all(&line)
            .and_then(|()| output.flush())
            .expect("output can be written");
    }
    0
}
