//! Writing a filter: classic BPF on `struct seccomp_data` (seccomp(2)).

use crate::sys::abi::Instruction;
use std::ffi::c_int;

const LOAD: u16 = 0x20;
const JUMP_IF_EQUAL: u16 = 0x15;
const JUMP_IF_GREATER: u16 = 0x25;
const JUMP_IF_ANY_BIT: u16 = 0x45;
const AND: u16 = 0x54;
const RETURN: u16 = 0x06;

/// Offsets in `struct seccomp_data`.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENTS: u32 = 16;

const ALLOW: u32 = 0x7fff_0000;
const ERRNO: u32 = 0x0005_0000;

#[cfg(target_arch = "x86_64")]
const OURS: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const OURS: u32 = 0xc000_00b7;

/// A filter that is being written. Each rule stands for itself: it loads what it looks at, and
/// goes on to the next where it has nothing to refuse.
pub struct Program(Vec<Instruction>);

impl Program {
    /// A filter that answers calls of another architecture, and those beyond `newest`, x32's among
    /// them, as if they did not exist.
    pub fn new(newest: u32) -> Self {
        let missing = ERRNO | crate::sys::abi::ENOSYS as u32;
        Self(vec![
            load(ARCHITECTURE),
            jump(JUMP_IF_EQUAL, OURS, 1, 0),
            give(missing),
            load(NUMBER),
            jump(JUMP_IF_GREATER, newest, 0, 1),
            give(missing),
        ])
    }

    /// Refuse a call.
    pub fn refuse(&mut self, call: u32, errno: c_int) {
        // The number is loaded wherever a rule begins.
        self.0.push(jump(JUMP_IF_EQUAL, call, 0, 1));
        self.0.push(give_errno(errno));
    }

    /// Refuse a call whose argument is `value`.
    pub fn refuse_if(&mut self, call: u32, argument: u32, value: u32, errno: c_int) {
        let test = [jump(JUMP_IF_EQUAL, value, 0, 1), give_errno(errno)];
        self.rule(call, argument, &test);
    }

    /// Refuse a call whose argument has one of the bits.
    pub fn refuse_if_any_bit(&mut self, call: u32, argument: u32, bits: u32, errno: c_int) {
        let test = [jump(JUMP_IF_ANY_BIT, bits, 0, 1), give_errno(errno)];
        self.rule(call, argument, &test);
    }

    /// Refuse a call of which one argument has some of its bits, and another some of its own.
    pub fn refuse_if_any_bits(
        &mut self,
        call: u32,
        (one, its_bits): (u32, u32),
        (other, other_bits): (u32, u32),
        errno: c_int,
    ) {
        let test = [
            jump(JUMP_IF_ANY_BIT, its_bits, 0, 3),
            load(ARGUMENTS + 8 * other),
            jump(JUMP_IF_ANY_BIT, other_bits, 0, 1),
            give_errno(errno),
        ];
        self.rule(call, one, &test);
    }

    /// Refuse a call of which two arguments are these values.
    pub fn refuse_if_both(
        &mut self,
        call: u32,
        (one, value): (u32, u32),
        (other, other_value): (u32, u32),
        errno: c_int,
    ) {
        let test = [
            jump(JUMP_IF_EQUAL, value, 0, 3),
            load(ARGUMENTS + 8 * other),
            jump(JUMP_IF_EQUAL, other_value, 0, 1),
            give_errno(errno),
        ];
        self.rule(call, one, &test);
    }

    /// Do nothing, and answer that it was done, where one argument of a call is a value, and another
    /// a pointer that is not null.
    pub fn feign_if(&mut self, call: u32, (one, value): (u32, u32), pointer: u32) {
        let low = ARGUMENTS + 8 * pointer;
        let test = [
            jump(JUMP_IF_EQUAL, value, 0, 5),
            load(low),
            jump(JUMP_IF_EQUAL, 0, 0, 2),
            load(low + 4),
            jump(JUMP_IF_EQUAL, 0, 1, 0),
            give_errno(0),
        ];
        self.rule(call, one, &test);
    }

    /// Allow a call, whatever the rules that follow refuse, with a secret in its last two arguments.
    pub fn allow_with(&mut self, call: u32, secret: [u64; 2]) {
        let [one, other] = secret.map(|number| [number as u32, (number >> 32) as u32]);
        let (one_at, other_at) = (ARGUMENTS + 8 * 4, ARGUMENTS + 8 * 5);
        let test = [
            jump(JUMP_IF_EQUAL, one[0], 0, 7),
            load(one_at + 4),
            jump(JUMP_IF_EQUAL, one[1], 0, 5),
            load(other_at),
            jump(JUMP_IF_EQUAL, other[0], 0, 3),
            load(other_at + 4),
            jump(JUMP_IF_EQUAL, other[1], 0, 1),
            give(ALLOW),
        ];
        self.rule(call, 4, &test);
    }

    /// Refuse a call whose argument is none of the values.
    pub fn refuse_unless(&mut self, call: u32, argument: u32, values: &[u32], errno: c_int) {
        self.refuse_unless_masked(call, argument, u32::MAX, values, errno);
    }

    /// The same, of those bits of the argument that are in the mask.
    pub fn refuse_unless_masked(
        &mut self,
        call: u32,
        argument: u32,
        mask: u32,
        values: &[u32],
        errno: c_int,
    ) {
        let mut test = vec![Instruction {
            code: AND,
            if_true: 0,
            if_false: 0,
            value: mask,
        }];
        for (index, value) in values.iter().enumerate() {
            // Past the other values and the refusal.
            let past = (values.len() - index) as u8;
            test.push(jump(JUMP_IF_EQUAL, *value, past, 0));
        }
        test.push(give_errno(errno));
        self.rule(call, argument, &test);
    }

    /// Do `test` on the low half of an argument of a call: the kernel takes these arguments for 32
    /// bits wide.
    fn rule(&mut self, call: u32, argument: u32, test: &[Instruction]) {
        // Past the load, the test, and the load that restores the number.
        let past = (test.len() + 2) as u8;
        self.0.push(jump(JUMP_IF_EQUAL, call, 0, past));
        self.0.push(load(ARGUMENTS + 8 * argument));
        self.0.extend_from_slice(test);
        self.0.push(load(NUMBER));
    }

    /// The filter: what no rule has refused is allowed.
    pub fn finish(mut self) -> Vec<Instruction> {
        self.0.push(give(ALLOW));
        self.0
    }
}

fn load(offset: u32) -> Instruction {
    statement(LOAD, offset)
}

fn give(value: u32) -> Instruction {
    statement(RETURN, value)
}

fn give_errno(errno: c_int) -> Instruction {
    give(ERRNO | errno as u32)
}

fn statement(code: u16, value: u32) -> Instruction {
    Instruction {
        code,
        if_true: 0,
        if_false: 0,
        value,
    }
}

fn jump(code: u16, value: u32, if_true: u8, if_false: u8) -> Instruction {
    Instruction {
        code,
        if_true,
        if_false,
        value,
    }
}
