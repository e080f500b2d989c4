using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Turns YAML into JSON: what stands there without quotes and looks like a number, true, false or null is one.</summary>
internal static partial class ScriptJson
{
    /// <summary>A mapping as an object, after every text in it has been checked.</summary>
    public static JsonObject Object(ScriptNode node, Func<ScriptNode, ScriptText> check) =>
        new(node.Members().Select(member => KeyValuePair.Create(member.Key, Value(member.Value, check))));

    private static JsonNode? Value(ScriptNode node, Func<ScriptNode, ScriptText> check) => node.Node switch
    {
        YamlMappingNode => Object(node, check),
        YamlSequenceNode => new JsonArray([.. node.Items().Select(item => Value(item, check))]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? "", node, check),
        _ => check(node).Text,
    };

    private static JsonNode? Plain(string text, ScriptNode node, Func<ScriptNode, ScriptText> check) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when Number().IsMatch(text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => check(node).Text,
    };

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?\z")]
    private static partial Regex Number();
}
