using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>A text that may refer to the conversation: <c>${name}</c>, and <c>$${</c> where no reference is meant.</summary>
internal sealed partial record ScriptText(string Text)
{
    /// <summary>The names that the text refers to.</summary>
    public IEnumerable<string> Names => Reference().Matches(Text).Select(match => match.Groups["name"].Value).Where(name => name.Length > 0);

    /// <summary>The text with the values of its names.</summary>
    public string Fill(Func<string, string> valueOf) => Reference().Replace(Text, match =>
        match.Groups["name"] is { Length: > 0 } name ? valueOf(name.Value) : "${");

    /// <summary>A JSON value, every text in it filled.</summary>
    public static JsonNode? Fill(JsonNode? value, Func<string, string> valueOf) => value switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Fill(member.Value, valueOf)))),
        JsonArray items => new JsonArray([.. items.Select(item => Fill(item, valueOf))]),
        JsonValue text when text.TryGetValue<string>(out var content) => new ScriptText(content).Fill(valueOf),
        _ => value?.DeepClone(),
    };

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Reference();
}
