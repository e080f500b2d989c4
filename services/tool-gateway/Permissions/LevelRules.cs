using System.Text.Json.Nodes;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>The rules of one level. Without rules it grants everything; with rules it grants what one of them grants and none denies.</summary>
internal sealed class LevelRules(PermissionLevel level, IReadOnlyList<PermissionRule> rules)
{
    private const int MostHints = 3;

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

        var restricting = rules.Where(rule => RuleMatch.Restricts(rule, tool, arguments)).ToList();
        if (restricting.Find(rule => rule.Effect == PermissionEffect.Deny) is { } denying)
        {
            return By(denying);
        }

        return rules.FirstOrDefault(rule => RuleMatch.Grants(rule, tool, arguments)) is { } granting
            ? By(restricting.FirstOrDefault() ?? granting)
            : new PermissionDecision { Effect = PermissionEffect.Deny, Level = level, Reason = NoGrant(tool, arguments) };
    }

    private PermissionDecision By(PermissionRule rule) => new() { Effect = rule.Effect, Level = level, RuleName = rule.RuleName, Reason = rule.Reason };

    // Says what stands nearest to a grant, so that whoever is refused knows what to change.
    private string NoGrant(string tool, JsonObject arguments)
    {
        var nearest =
            from rule in rules
            where rule.Effect != PermissionEffect.Deny && RuleMatch.Names(rule, tool)
            from condition in rule.Arguments
            where !RuleMatch.Fits(condition, arguments)
            select $"'{rule.RuleName}' would if '{condition.Argument}' matched '{condition.Pattern}'";
        var hint = string.Join("; ", nearest.Take(MostHints));
        return hint.Length == 0 ? $"No rule of the level {name} grants {tool}." : $"No rule of the level {name} grants this call of {tool}: {hint}.";
    }
}
