using System.Text.RegularExpressions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>Checks rules before they hold.</summary>
internal static partial class RuleChecks
{
    private const int MostRules = 512;
    private const int MostTools = 256;
    private const int MostConditions = 32;
    private const int LongestName = 128;
    private const int LongestText = 1024;
    private const int MostViolations = 20;

    /// <summary>Refuses rules with every field that is not valid.</summary>
    public static void Check(string field, IReadOnlyList<PermissionRule> rules)
    {
        var violations = (rules.Count > MostRules ? [(field, $"must be at most {MostRules} rules")] : rules.SelectMany((rule, i) => Violations($"{field}[{i}]", rule)))
            .Take(MostViolations)
            .ToArray();
        if (violations.Length > 0)
        {
            throw ToolErrors.FieldInvalid(violations);
        }
    }

    /// <summary>Refuses names that two rules have: a decision is to name one.</summary>
    public static void CheckNamesDiffer(string field, IReadOnlyList<PermissionRule> rules)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
        {
            if (!names.Add(rules[i].RuleName))
            {
                throw ToolErrors.FieldInvalid(($"{field}[{i}].rule_name", $"must differ from that of every other rule; '{rules[i].RuleName}' is there already"));
            }
        }
    }

    private static IEnumerable<(string Field, string Description)> Violations(string place, PermissionRule rule)
    {
        if (rule.RuleName.Length == 0 || !PlainText.Is(rule.RuleName, LongestName))
        {
            yield return ($"{place}.rule_name", $"must be 1 to {LongestName} characters, none of them a control character");
        }

        if (rule.Effect is not (PermissionEffect.Allow or PermissionEffect.Deny or PermissionEffect.NeedsApproval))
        {
            yield return ($"{place}.effect", "must be PERMISSION_EFFECT_ALLOW, _DENY or _NEEDS_APPROVAL");
        }

        if (rule.Tools.Count is 0 or > MostTools || rule.Tools.Any(tool => !ToolPattern().IsMatch(tool)))
        {
            yield return ($"{place}.tools", "must be patterns such as \"filesystem.read_file\", \"filesystem.*\" or \"*\"");
        }

        if (rule.Arguments.Count > MostConditions)
        {
            yield return ($"{place}.arguments", $"must be at most {MostConditions} conditions");
        }

        for (var i = 0; i < Math.Min(rule.Arguments.Count, MostConditions); i++)
        {
            if (Refusal(rule.Arguments[i]) is { } refusal)
            {
                yield return ($"{place}.arguments[{i}]", refusal);
            }
        }

        if (rule.Reason.Contains('\0', StringComparison.Ordinal) || rule.Reason.Length > LongestText)
        {
            yield return ($"{place}.reason", $"must be at most {LongestText} characters");
        }
    }

    private static string? Refusal(ArgumentCondition condition) => condition switch
    {
        { Argument.Length: 0 } or { Pattern.Length: 0 } => "must have an argument and a pattern",
        _ when !PlainText.Is(condition.Argument, LongestName) || !PlainText.Is(condition.Pattern, LongestText) =>
            $"must have an argument of at most {LongestName} and a pattern of at most {LongestText} characters, none of them a control character",
        _ when !condition.Pattern.Contains("://", StringComparison.Ordinal) && ArgumentForms.AsPath(condition.Pattern) is var path && path != condition.Pattern =>
            $"has the pattern '{condition.Pattern}', which nothing matches, as paths are normalised first; write '{path}'",
        _ => null,
    };

    [GeneratedRegex(@"^[A-Za-z0-9_.*/-]{1,200}$")]
    private static partial Regex ToolPattern();
}
