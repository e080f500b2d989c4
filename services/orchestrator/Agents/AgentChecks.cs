using System.Text;
using System.Text.RegularExpressions;
using Mainstay.Orchestrator.V1;
using Mainstay.Tools.V1;

namespace Mainstay.Orchestrator.Agents;

/// <summary>Checks an agent before it is stored.</summary>
internal static partial class AgentChecks
{
    public const int MostIterations = 1000;
    private const int MostInstructionBytes = 64 * 1024;
    private const int MostDescriptionCharacters = 1024;
    private const int MostSkills = 16;
    private const int MostRules = 256;

    /// <summary>Refuses an agent with every field that is not valid.</summary>
    public static void Check(Agent? agent)
    {
        if (agent is null)
        {
            throw OrchestratorErrors.FieldInvalid(("agent", "is missing"));
        }

        var violations = Violations(agent).Concat(LimitViolations(agent.Limits)).Concat(RuleViolations("agent.permission_rules", agent.PermissionRules)).ToArray();
        if (violations.Length > 0)
        {
            throw OrchestratorErrors.FieldInvalid(violations);
        }
    }

    /// <summary>What is not valid about rules; the tool gateway checks their patterns.</summary>
    public static IEnumerable<(string Field, string Description)> RuleViolations(string field, IReadOnlyList<PermissionRule> rules)
    {
        if (rules.Count > MostRules)
        {
            yield return (field, $"must be at most {MostRules} rules");
        }

        for (var i = 0; i < Math.Min(rules.Count, MostRules); i++)
        {
            var rule = rules[i];
            if (rule.RuleName.Length is 0 or > 128)
            {
                yield return ($"{field}[{i}].rule_name", "must be 1 to 128 characters");
            }

            if (rule.Effect is not (PermissionEffect.Allow or PermissionEffect.Deny or PermissionEffect.NeedsApproval))
            {
                yield return ($"{field}[{i}].effect", "must be PERMISSION_EFFECT_ALLOW, _DENY or _NEEDS_APPROVAL");
            }

            if (rule.Tools.Count == 0)
            {
                yield return ($"{field}[{i}].tools", "must name at least one tool, such as \"filesystem.read_file\" or \"filesystem.*\"");
            }
        }
    }

    private static IEnumerable<(string Field, string Description)> Violations(Agent agent)
    {
        if (!AgentId().IsMatch(agent.AgentId))
        {
            yield return ("agent.agent_id", "must be 3 to 64 characters of [a-z0-9-], beginning with a letter");
        }

        if (agent.Description.Length > MostDescriptionCharacters)
        {
            yield return ("agent.description", $"must be at most {MostDescriptionCharacters} characters");
        }

        if (Encoding.UTF8.GetByteCount(agent.Instructions) > MostInstructionBytes)
        {
            yield return ("agent.instructions", "must be at most 64 KiB of UTF-8");
        }

        if (agent.Skills.Count is 0 or > MostSkills)
        {
            yield return ("agent.skills", $"must be 1 to {MostSkills} skills");
        }

        for (var i = 0; i < Math.Min(agent.Skills.Count, MostSkills); i++)
        {
            if (agent.Skills[i].SkillName.Length == 0)
            {
                yield return ($"agent.skills[{i}].skill_name", "must be the name of a skill");
            }
        }
    }

    private static IEnumerable<(string Field, string Description)> LimitViolations(RunLimits? limits)
    {
        if (limits is { MaxIterations: < 0 or > MostIterations })
        {
            yield return ("agent.limits.max_iterations", $"must be 1 to {MostIterations}, or 0 for the default");
        }

        if (limits is { BudgetMicroUsd: < 0 })
        {
            yield return ("agent.limits.budget_micro_usd", "must be more than nothing, or 0 for 10 USD");
        }

        if (limits?.Timeout is { } timeout && timeout.ToTimeSpan() <= TimeSpan.Zero)
        {
            yield return ("agent.limits.timeout", "must be more than nothing");
        }

        if (limits?.ApprovalTimeout is { } approval && approval.ToTimeSpan() <= TimeSpan.Zero)
        {
            yield return ("agent.limits.approval_timeout", "must be more than nothing");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{2,63}$")]
    private static partial Regex AgentId();
}
