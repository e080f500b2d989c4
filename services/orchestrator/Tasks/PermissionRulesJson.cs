using Google.Protobuf;
using Mainstay.Tools.V1;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Permission rules as they are stored: an array of the contract's JSON.</summary>
internal static class PermissionRulesJson
{
    public static string Write(IEnumerable<PermissionRule> rules) => $"[{string.Join(',', rules.Select(rule => JsonFormatter.Default.Format(rule)))}]";

    public static IEnumerable<PermissionRule> Read(string json) =>
        System.Text.Json.Nodes.JsonNode.Parse(json)!.AsArray().Select(rule => PermissionRule.Parser.ParseJson(rule!.ToJsonString()));
}
