//! An explanation as text.

use super::Explanation;
use super::limits::Limits;
use crate::GuestLimits;
use crate::plan::SpawnPlan;
use crate::profile::Confinement;
use crate::quote::quoted;
use std::fmt;

/// The most arguments that are printed.
const PRINTED: usize = 40;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "request    {}", line(&self.command))?;
        match &self.rule {
            None => writeln!(f, "rule       none")?,
            Some(rule) => {
                writeln!(f, "rule       {} at {}", rule.name, rule.place)?;
                writeln!(f, "program    {}", rule.path.display())?;
                write!(f, "confined   {}", rule.confinement)?;
                match rule.fallback {
                    None => writeln!(f)?,
                    Some(fallback) => writeln!(f, ", at worst {fallback}")?,
                }
                // There is nothing to grant to a child that has everything.
                if rule.confinement != Confinement::None && !rule.grants.is_empty() {
                    writeln!(f, "granted    {}", rule.grants)?;
                }
            }
        }
        for verdict in &self.shapes {
            match &verdict.disagreement {
                None => writeln!(f, "shape  yes {}", verdict.shape)?,
                Some(why) => {
                    writeln!(f, "shape  no  {}", verdict.shape)?;
                    writeln!(f, "           {}: {why}", verdict.place)?;
                }
            }
        }
        for verdict in &self.variables {
            let key = quoted(verdict.key.as_bytes());
            match &verdict.refusal {
                None => writeln!(f, "env    yes {key}")?,
                Some(why) => writeln!(f, "env    no  {key}: {why}")?,
            }
        }
        match &self.outcome {
            Ok(plan) => allowed(plan, &self.guest, f),
            Err(denial) => writeln!(f, "denied     {denial}"),
        }
    }
}

fn allowed(plan: &SpawnPlan, guest: &GuestLimits, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(cwd) = plan.cwd() {
        let path = quoted(cwd.path.as_bytes());
        writeln!(
            f,
            "directory  {path} in the guest's directory {}",
            cwd.preopen + 1
        )?;
    }
    for (key, value) in plan.env() {
        writeln!(f, "variable   {}={}", quoted(key.as_bytes()), quoted(value))?;
    }
    write!(f, "{}", Limits { plan, guest })?;
    writeln!(f, "allowed    {}", plan.program().path().display())
}

fn line(words: &[Vec<u8>]) -> String {
    let shown = words
        .iter()
        .take(PRINTED)
        .map(|word| quoted(word).to_string());
    let mut line = shown.collect::<Vec<_>>().join(" ");
    if words.len() > PRINTED {
        line.push_str(&format!(" … ({} more)", words.len() - PRINTED));
    }
    line
}
