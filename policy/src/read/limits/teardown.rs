//! The steps in which a child is ended.

use crate::defaults::LONGEST_TEARDOWN;
use crate::raw::{Text, Words};
use crate::read::fault;
use crate::signal::Signal;
use crate::source::Source;
use crate::{LimitProblem, PolicyError, Teardown, TeardownStep, units};
use std::time::Duration;

pub(super) fn teardown(words: &Words, source: &Source) -> Result<Teardown, PolicyError> {
    let mut steps = Vec::new();
    let mut total = Duration::ZERO;
    for (index, word) in words.get_ref().iter().enumerate() {
        match step(word, source)? {
            // The end, which comes anyway.
            TeardownStep::Signal(Signal::Kill) if index + 1 == words.get_ref().len() => {}
            TeardownStep::Signal(Signal::Kill) => {
                let problem = LimitProblem::EarlyKill(word.get_ref().clone());
                return Err(fault(source, word, problem));
            }
            TeardownStep::Wait(time) => {
                total = total.saturating_add(time);
                steps.push(TeardownStep::Wait(time));
            }
            signal => steps.push(signal),
        }
    }
    if total > LONGEST_TEARDOWN {
        return Err(fault(source, words, LimitProblem::LongTeardown(total)));
    }
    Ok(Teardown::new(steps))
}

fn step(word: &Text, source: &Source) -> Result<TeardownStep, PolicyError> {
    let text = word.get_ref();
    let time = || units::duration(text).map(TeardownStep::Wait);
    let signal = text.parse().map(TeardownStep::Signal).ok();
    let bad = || fault(source, word, LimitProblem::BadTeardown(text.clone()));
    signal.or_else(time).ok_or_else(bad)
}
