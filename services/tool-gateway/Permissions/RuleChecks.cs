using System.Text.RegularExpressions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>Checks rules before they hold.</summary>
internal static partial class RuleChecks
{
    private const int MostRules = 256;
    private const int MostConditions = 32;
    private const int LongestText = 1024;

    /// <summary>Refuses rules with every field that is not valid.</summary>
    public static void Check(string field, IReadOnlyList<PermissionRule> rules)
    {
        var violations = Violations(field, rules).Take(20).ToArray();
        if (violations.Length > 0)
        {
            throw ToolErrors.FieldInvalid(violations);
        }
    }

    private static IEnumerable<(string Field, string Description)> Violations(string field, IReadOnlyList<PermissionRule> rules)
    {
        // The agent's and the task's rules stand together at the level workflow.
        if (rules.Count > 2 * MostRules)
        {
            yield return (field, $"must be at most {2 * MostRules} rules");
            yield break;
        }

        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            var place = $"{field}[{i}]";
            if (rule.RuleName.Length is 0 or > 128)
            {
                yield return ($"{place}.rule_name", "must be 1 to 128 characters");
            }

            if (rule.Effect is not (PermissionEffect.Allow or PermissionEffect.Deny or PermissionEffect.NeedsApproval))
            {
                yield return ($"{place}.effect", "must be PERMISSION_EFFECT_ALLOW, _DENY or _NEEDS_APPROVAL");
            }

            if (rule.Tools.Count is 0 or > MostRules || rule.Tools.Any(tool => !ToolPattern().IsMatch(tool)))
            {
                yield return ($"{place}.tools", "must be patterns such as \"filesystem.read_file\", \"filesystem.*\" or \"*\"");
            }

            if (rule.Arguments.Count > MostConditions || rule.Arguments.Any(condition => condition.Argument.Length is 0 or > 128 || condition.Pattern.Length is 0 or > LongestText))
            {
                yield return ($"{place}.arguments", $"must be at most {MostConditions} conditions, each with an argument and a pattern");
            }

            if (rule.Reason.Length > LongestText)
            {
                yield return ($"{place}.reason", $"must be at most {LongestText} characters");
            }
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.*-]{1,200}$")]
    private static partial Regex ToolPattern();
}
