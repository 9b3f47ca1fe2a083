//! Why a request is allowed or refused, step by step.

mod limits;
mod transcript;

use crate::decide::{arguments, variable_verdict};
use crate::plan::SpawnPlan;
use crate::profile::{Confinement, Grants};
use crate::request::{GuestPath, ProgramRequest, SpawnRequest};
use crate::rule::Rule;
use crate::shape::Disagreement;
use crate::source::Place;
use crate::{BoundPolicy, Denial, DenialReason, GuestLimits};
use std::path::PathBuf;

/// How a decision came about. It prints as a transcript.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What was asked for: the program and its arguments.
    pub command: Vec<Vec<u8>>,
    /// The rule for the program, if the policy has one.
    pub rule: Option<RuleFound>,
    /// The shapes of the rule, in the order of the policy.
    pub shapes: Vec<ShapeVerdict>,
    /// The variables that the guest asked for.
    pub variables: Vec<VariableVerdict>,
    /// The bounds of the guest with all its children.
    pub guest: GuestLimits,
    /// Where the child would start.
    pub cwd: Option<GuestPath>,
    /// The decision.
    pub outcome: Result<SpawnPlan, Denial>,
}

/// The rule that a request came to.
#[derive(Clone, Debug)]
pub struct RuleFound {
    /// The program's name.
    pub name: String,
    /// Where the rule is.
    pub place: Place,
    /// The program's file.
    pub path: PathBuf,
    /// How children are confined.
    pub confinement: Confinement,
    /// How they are confined at worst, where that is weaker.
    pub fallback: Option<Confinement>,
    /// What they are granted beside the guest's directories.
    pub grants: Grants,
}

/// Whether the arguments have a shape.
#[derive(Clone, Debug)]
pub struct ShapeVerdict {
    /// The shape, as the policy has it.
    pub shape: String,
    /// Where the shape is.
    pub place: Place,
    /// Where the arguments disagree with it; `None` where they have it.
    pub disagreement: Option<Disagreement>,
}

/// Whether the guest may set a variable.
#[derive(Clone, Debug)]
pub struct VariableVerdict {
    /// The variable's name.
    pub key: String,
    /// Why not; `None` where it may.
    pub refusal: Option<DenialReason>,
}

impl BoundPolicy {
    /// Explains what [`authorize`](Self::authorize) decides on a request.
    pub fn explain(&self, request: &SpawnRequest) -> Explanation {
        let outcome = self.authorize(request);
        let cwd = self.locate_cwd(request.cwd.as_deref());
        let mut explanation = Explanation {
            command: command(request),
            rule: None,
            shapes: Vec::new(),
            variables: Vec::new(),
            guest: self.guest_limits(),
            cwd,
            outcome,
        };
        // A request that is malformed or too big never came to a rule.
        let judged = match &explanation.outcome {
            Ok(_) => true,
            Err(denial) => denial.rule().is_some(),
        };
        if judged && let Ok((pinned, _)) = self.pinned(&request.program) {
            let rule = &pinned.rule;
            explanation.shapes = self.shapes(rule, request, explanation.cwd.as_ref());
            explanation.variables = variables(rule, request);
            explanation.rule = Some(RuleFound {
                name: rule.name.clone(),
                place: rule.place.clone(),
                path: pinned.program.path.clone(),
                confinement: self.confinement(),
                fallback: self.rules.fallback.filter(|at| *at > self.confinement()),
                grants: rule.grants.clone(),
            });
        }
        explanation
    }

    fn shapes(
        &self,
        rule: &Rule,
        request: &SpawnRequest,
        cwd: Option<&GuestPath>,
    ) -> Vec<ShapeVerdict> {
        let arguments = arguments(request);
        let paths = self.child_paths(cwd);
        let verdict = |shape: &crate::shape::Shape| ShapeVerdict {
            shape: shape.to_string(),
            place: shape.place().clone(),
            disagreement: shape.check(&arguments, &paths).err(),
        };
        rule.shapes.iter().map(verdict).collect()
    }
}

fn command(request: &SpawnRequest) -> Vec<Vec<u8>> {
    let program = match &request.program {
        ProgramRequest::Named(name) => name.clone().into_bytes(),
        ProgramRequest::Shell(_) => b"(shell)".to_vec(),
    };
    std::iter::once(program).chain(arguments(request)).collect()
}

fn variables(rule: &Rule, request: &SpawnRequest) -> Vec<VariableVerdict> {
    let verdict = |(key, _): &(String, Vec<u8>)| VariableVerdict {
        key: key.clone(),
        refusal: variable_verdict(rule, key).err(),
    };
    request.env.iter().map(verdict).collect()
}
