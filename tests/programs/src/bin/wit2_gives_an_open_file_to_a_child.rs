//! An open file is a stream of a child from an offset or at its end, with the
//! rights that the guest has, and what is no plain file is refused.

use offspring_test_programs::wit2::filesystem::{
    Descriptor, DescriptorFlags, OpenFlags, PathFlags,
};
use offspring_test_programs::wit2::process::{Command, ErrorCode, OpenFile, Part, Stdio};
use offspring_test_programs::wit2::{command, preopens, start};

fn open(directory: &Descriptor, flags: DescriptorFlags) -> Descriptor {
    let opened = directory.open_at(PathFlags::empty(), "file", OpenFlags::empty(), flags);
    opened.expect("the file is there")
}

fn finish(command: Command) -> Result<Vec<u8>, ErrorCode> {
    let child = start(command)?;
    let output = child.communicate(None, 100);
    output.subscribe().block();
    let all = output.get().expect("it is ready")?;
    Ok(all.stdout.map(|it| it.data).unwrap_or_default())
}

fn main() {
    let directories = preopens::get_directories();
    let directory = &directories.first().expect("there is one").0;
    let reads = open(directory, DescriptorFlags::READ);
    let writes = open(directory, DescriptorFlags::WRITE);

    for (offset, expected) in [(0, b"some"), (5, b"text")] {
        let take = command("take-n", &["4"]);
        take.stdin(&Stdio::OpenFile(OpenFile {
            descriptor: &reads,
            offset,
            append: false,
        }));
        take.stdout(&Stdio::Pipe);
        assert_eq!(finish(take).expect("it runs"), expected);
    }
    for append in [false, true] {
        let writer = command("interleave", &["1"]);
        writer.stdout(&Stdio::OpenFile(OpenFile {
            descriptor: &writes,
            offset: 3,
            append,
        }));
        finish(writer).expect("it runs");
    }
    let (text, _) = reads.read(100, 0).expect("it can be read");
    assert_eq!(String::from_utf8_lossy(&text), "somout 0\nout 0\n");

    let writer = command("interleave", &["1"]);
    writer.stdout(&Stdio::OpenFile(OpenFile {
        descriptor: &reads,
        offset: 0,
        append: false,
    }));
    let refused = finish(writer);
    assert!(
        matches!(refused, Err(ErrorCode::InvalidArgument(Part::Stdout))),
        "{refused:?}"
    );
    let reader = command("sink", &[]);
    reader.stdin(&Stdio::OpenFile(OpenFile {
        descriptor: &writes,
        offset: 0,
        append: false,
    }));
    let refused = finish(reader);
    assert!(
        matches!(refused, Err(ErrorCode::InvalidArgument(Part::Stdin))),
        "{refused:?}"
    );
    let reader = command("sink", &[]);
    reader.stdin(&Stdio::OpenFile(OpenFile {
        descriptor: directory,
        offset: 0,
        append: false,
    }));
    let refused = finish(reader);
    assert!(
        matches!(refused, Err(ErrorCode::InvalidArgument(Part::Stdin))),
        "{refused:?}"
    );
}
