using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>The rules in force for one caller, and the decisions by them. All levels are asked; a denial wins, and a level with rules must grant.</summary>
internal sealed class Policy(IReadOnlyList<PermissionRule> platform, IReadOnlyList<PermissionRule> organisation, IReadOnlyList<PermissionRule> workflow)
{
    private readonly LevelRules[] levels =
    [
        new(PermissionLevel.Platform, platform),
        new(PermissionLevel.Organisation, organisation),
        new(PermissionLevel.Workflow, workflow),
    ];

    /// <summary>SHA-256 over the rules' canonical JSON.</summary>
    public string Version { get; } = VersionOf(platform, organisation, workflow);

    /// <summary>The version of so many lists of rules.</summary>
    public static string VersionOf(params IEnumerable<IReadOnlyList<PermissionRule>> lists) => CanonicalJson.Digest(new JsonArray(
        [.. lists.Select(rules => new JsonArray([.. rules.Select(rule => JsonNode.Parse(JsonFormatter.Default.Format(rule)))]))]));

    /// <summary>Whether some arguments could make the tool allowed.</summary>
    public bool MayAllow(string tool) => levels.All(level => level.MayAllow(tool));

    /// <summary>Decides about a call.</summary>
    public PermissionDecision Decide(string tool, JsonObject arguments)
    {
        var decisions = levels.Select(level => level.Decide(tool, arguments)).ToList();
        var decision = decisions.Find(one => one.Effect == PermissionEffect.Deny && one.RuleName.Length > 0)
            ?? decisions.Find(one => one.Effect == PermissionEffect.Deny)
            ?? decisions.Find(one => one.Effect == PermissionEffect.NeedsApproval)
            ?? decisions.FindLast(one => one.RuleName.Length > 0)
            ?? decisions[0];
        decision.PolicyVersion = Version;
        return decision;
    }
}
