//! From a policy as it is written to rules: everything that the text alone can get wrong.

mod grants;
mod limits;
mod tiers;

use crate::dangerous::is_dangerous;
use crate::raw::{RawPolicy, RawProgram, Text, Words};
use crate::rule::{Bounds, Example, Rule, Rules};
use crate::shape::Shape;
use crate::source::Source;
use crate::{Lint, PolicyError, Problem, SignalSet, lint};
use limits::{bounds, bounds_of_rule, guest_limits};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
pub(crate) use tiers::{Tiers, without_namespace};
use toml::Spanned;

pub(crate) fn read(raw: RawPolicy, source: &Source) -> Result<Rules<Rule>, PolicyError> {
    let tiers = Tiers::read(raw.confinement.as_ref(), raw.fallback.as_ref(), source)?;
    let defaults = bounds(&raw.limits, &Bounds::default(), source)?;
    let guest = guest_limits(&raw.limits, &tiers, source)?;
    let mut reader = Reader {
        lints: lint::limits(&raw.limits, &defaults.limits, source),
        source,
        defaults,
        tiers,
    };
    let mut programs = BTreeMap::<String, Rule>::new();
    for program in raw.program {
        let rule = reader.program(program)?;
        if let Some(first) = programs.get(&rule.name) {
            let first = first.place.clone();
            let problem = Problem::DuplicateProgram {
                name: rule.name,
                first,
            };
            return Err(PolicyError::new(rule.place, problem));
        }
        programs.insert(rule.name.clone(), rule);
    }
    let shell = raw.shell.map(|shell| {
        let span = shell.span();
        let program = shell.into_inner().into_program(span.clone());
        reader.program(Spanned::new(span, program))
    });
    let shell = shell.transpose()?;
    Ok(Rules {
        confinement: reader.tiers.confinement,
        fallback: reader.tiers.fallback,
        limits: guest,
        children: reader.defaults,
        lints: lint::lints(&reader.tiers, &programs, shell.as_ref(), reader.lints),
        programs,
        shell,
    })
}

/// A problem with one word of the file.
fn fault<T>(source: &Source, at: &Spanned<T>, problem: impl Into<Problem>) -> PolicyError {
    fault_at(source, at.span(), problem)
}

/// A problem with a part of the file.
fn fault_at(source: &Source, span: Range<usize>, problem: impl Into<Problem>) -> PolicyError {
    PolicyError::new(source.place(span), problem.into())
}

struct Reader<'a> {
    source: &'a Source<'a>,
    defaults: Bounds,
    tiers: Tiers,
    /// What the tables of limits say and perhaps should not.
    lints: Vec<Lint>,
}

impl Reader<'_> {
    fn fault<T>(&self, at: &Spanned<T>, problem: Problem) -> PolicyError {
        fault(self.source, at, problem)
    }

    fn program(&mut self, raw: Spanned<RawProgram>) -> Result<Rule, PolicyError> {
        let place = self.source.place(raw.span());
        let raw = raw.into_inner();
        let name = raw.name.get_ref().clone();
        if !is_name(&name) {
            return Err(self.fault(&raw.name, Problem::BadName(name)));
        }
        let shapes = match &raw.args {
            Some(shapes) if !shapes.get_ref().is_empty() => shapes
                .get_ref()
                .iter()
                .map(|words| self.shape(words))
                .collect::<Result<_, _>>()?,
            Some(shapes) => return Err(self.fault(shapes, Problem::NoShapes(name))),
            None => return Err(PolicyError::new(place, Problem::NoShapes(name))),
        };
        let env = self.env(&raw.env)?;
        let allow_env = self.allowed(&raw.allow_env, &raw.allow_dangerous_env, &env)?;
        let (grants, granted) = grants::grants(&raw, self)?;
        let bounds = bounds_of_rule(&raw.limits, &self.defaults, self.source)?;
        let lints = lint::limits(&raw.limits, &bounds.limits, self.source);
        let rule = Rule {
            path: self.absolute(raw.path)?,
            interpreter: self.absolute(raw.interpreter)?,
            accept: self.examples(raw.accept, &name)?,
            refuse: self.examples(raw.refuse, &name)?,
            signals: self.signals(raw.signals)?,
            allow_arg0: raw.allow_arg0,
            allow_identity: raw.allow_identity,
            limits: bounds.limits,
            teardown: bounds.teardown,
            background: bounds.background,
            grants,
            granted,
            name,
            place,
            shapes,
            env,
            allow_env,
        };
        rule.check_examples_early()?;
        self.lints.extend(lints);
        Ok(rule)
    }

    fn shape(&self, words: &Words) -> Result<Shape, PolicyError> {
        let texts = words.get_ref().iter().map(|word| word.get_ref().as_str());
        Shape::parse(texts, self.source.place(words.span())).map_err(|(index, error)| {
            let word = &words.get_ref()[index];
            self.fault(
                word,
                Problem::Pattern {
                    pattern: word.get_ref().clone(),
                    error,
                },
            )
        })
    }

    fn absolute(&self, path: Option<Spanned<PathBuf>>) -> Result<Option<PathBuf>, PolicyError> {
        match path {
            Some(path) if !path.get_ref().is_absolute() => {
                Err(self.fault(&path, Problem::RelativePath(path.get_ref().clone())))
            }
            path => Ok(path.map(Spanned::into_inner)),
        }
    }

    fn env(&self, raw: &BTreeMap<Text, Text>) -> Result<BTreeMap<String, String>, PolicyError> {
        let mut env = BTreeMap::new();
        for (key, value) in raw {
            self.check_key(key)?;
            if value.get_ref().contains('\0') {
                return Err(self.fault(value, Problem::BadValue(key.get_ref().clone())));
            }
            env.insert(key.get_ref().clone(), value.get_ref().clone());
        }
        Ok(env)
    }

    fn allowed(
        &self,
        plain: &[Text],
        dangerous: &[Text],
        env: &BTreeMap<String, String>,
    ) -> Result<BTreeSet<String>, PolicyError> {
        if let Some(key) = plain.iter().find(|key| is_dangerous(key.get_ref())) {
            return Err(self.fault(key, Problem::DangerousVariable(key.get_ref().clone())));
        }
        let mut allowed = BTreeSet::new();
        for key in plain.iter().chain(dangerous) {
            self.check_key(key)?;
            if env.contains_key(key.get_ref()) {
                return Err(self.fault(key, Problem::VariableAlsoSet(key.get_ref().clone())));
            }
            if !allowed.insert(key.get_ref().clone()) {
                return Err(self.fault(key, Problem::RepeatedVariable(key.get_ref().clone())));
            }
        }
        Ok(allowed)
    }

    fn check_key(&self, key: &Text) -> Result<(), PolicyError> {
        let name = key.get_ref();
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(self.fault(key, Problem::BadVariable(name.clone())));
        }
        Ok(())
    }

    fn signals(&self, names: Option<Vec<Text>>) -> Result<SignalSet, PolicyError> {
        let Some(names) = names else {
            return Ok(SignalSet::DEFAULT);
        };
        let signal = |name: &Text| {
            let bad = |error| self.fault(name, Problem::BadSignal(error));
            name.get_ref().parse().map_err(bad)
        };
        names.iter().map(signal).collect()
    }

    fn examples(&self, raw: Vec<Words>, name: &str) -> Result<Vec<Example>, PolicyError> {
        let example = |words: Words| match words.get_ref().split_first() {
            Some((first, arguments)) if first.get_ref() == name => Ok(Example {
                arguments: arguments
                    .iter()
                    .map(|word| word.get_ref().clone().into())
                    .collect(),
                place: self.source.place(words.span()),
            }),
            _ => Err(self.fault(&words, Problem::ForeignExample(name.to_owned()))),
        };
        raw.into_iter().map(example).collect()
    }
}

fn is_name(name: &str) -> bool {
    let unfit =
        |character: char| character == '/' || character.is_whitespace() || character.is_control();
    !name.is_empty()
        && !name.starts_with('-')
        && name != "."
        && name != ".."
        && !name.contains(unfit)
}
