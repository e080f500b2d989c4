using System.Text.Json.Nodes;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>The rules of one level. Without rules it grants everything; with rules it grants what one of them grants and none denies.</summary>
internal sealed class LevelRules(PermissionLevel level, IReadOnlyList<PermissionRule> rules)
{
    private readonly string name = level.ToString().ToLowerInvariant();

    /// <summary>Whether some arguments could make this level grant the tool.</summary>
    public bool MayAllow(string tool)
    {
        var naming = rules.Where(rule => RuleMatch.Names(rule, tool)).ToList();
        return rules.Count == 0
            || (naming.Exists(rule => rule.Effect != PermissionEffect.Deny) && !naming.Exists(rule => rule.Effect == PermissionEffect.Deny && rule.Arguments.Count == 0));
    }

    /// <summary>What this level says about a call.</summary>
    public PermissionDecision Decide(string tool, JsonObject arguments)
    {
        if (rules.Count == 0)
        {
            return new PermissionDecision { Effect = PermissionEffect.Allow, Level = level, Reason = $"The level {name} has no rules." };
        }

        var matching = rules.Where(rule => RuleMatch.Matches(rule, tool, arguments)).ToList();
        var deciding = matching.Find(rule => rule.Effect == PermissionEffect.Deny)
            ?? matching.Find(rule => rule.Effect == PermissionEffect.NeedsApproval)
            ?? matching.Find(rule => rule.Effect == PermissionEffect.Allow);
        return deciding is not null
            ? new PermissionDecision { Effect = deciding.Effect, Level = level, RuleName = deciding.RuleName, Reason = deciding.Reason }
            : new PermissionDecision { Effect = PermissionEffect.Deny, Level = level, Reason = NoGrant(tool, arguments) };
    }

    // Says what stands nearest to a grant, so that whoever is refused knows what to change.
    private string NoGrant(string tool, JsonObject arguments)
    {
        var nearest =
            from rule in rules
            where rule.Effect != PermissionEffect.Deny && RuleMatch.Names(rule, tool)
            from condition in rule.Arguments
            where !RuleMatch.Holds(rule, condition, arguments)
            select $"'{rule.RuleName}' would if '{condition.Argument}' matched '{condition.Pattern}'";
        var hint = string.Join("; ", nearest.Take(3));
        return hint.Length == 0 ? $"No rule of the level {name} grants {tool}." : $"No rule of the level {name} grants this call of {tool}: {hint}.";
    }
}
