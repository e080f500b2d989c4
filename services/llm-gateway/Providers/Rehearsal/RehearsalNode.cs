using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>A place in a script, which can say where it is when something is wrong there.</summary>
internal sealed class RehearsalNode(string path, string key, YamlNode node)
{
    /// <summary>What is wrong here.</summary>
    public RehearsalScriptException Wrong(string what) => new($"{path}, line {node.Start.Line}: '{key}' {what}.");

    public void AllowOnly(params string[] keys)
    {
        foreach (var (name, value) in Mapping().Children)
        {
            if (!keys.Contains(name.ToString()))
            {
                throw new RehearsalNode(path, name.ToString(), value).Wrong($"is not a known key; the keys here are {string.Join(", ", keys)}");
            }
        }
    }

    public RehearsalNode? Optional(string name) =>
        Mapping().Children.TryGetValue(new YamlScalarNode(name), out var value) ? new RehearsalNode(path, Below(name), value) : null;

    public RehearsalNode Required(string name) => Optional(name) ?? throw Wrong($"lacks '{name}'");

    public IEnumerable<RehearsalNode> Items() => node is YamlSequenceNode sequence
        ? sequence.Children.Select((item, index) => new RehearsalNode(path, $"{key}[{index}]", item))
        : throw Wrong("must be a list");

    public string Text() => node is YamlScalarNode { Value: { } text } ? text : throw Wrong("must be text");

    public int Number() => int.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("must be a whole number");

    public TimeSpan Duration() => Durations.TryParse(Text(), out var duration) ? duration : throw Wrong("must be a duration such as 20ms or 1s");

    public Struct ToStruct() => new() { Fields = { Mapping().Children.ToDictionary(child => child.Key.ToString(), child => ToValue(child.Value)) } };

    private static Value ToValue(YamlNode value) => value switch
    {
        YamlMappingNode mapping => Value.ForStruct(new Struct { Fields = { mapping.Children.ToDictionary(child => child.Key.ToString(), child => ToValue(child.Value)) } }),
        YamlSequenceNode sequence => Value.ForList([.. sequence.Children.Select(ToValue)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => ToPlainValue(scalar.Value ?? ""),
        _ => Value.ForString(((YamlScalarNode)value).Value ?? ""),
    };

    // The core schema of YAML 1.2: what is not quoted may be a number, a truth or nothing.
    private static Value ToPlainValue(string text) => text switch
    {
        "" or "~" or "null" => Value.ForNull(),
        "true" => Value.ForBool(true),
        "false" => Value.ForBool(false),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => Value.ForNumber(number),
        _ => Value.ForString(text),
    };

    private string Below(string name) => key.Length == 0 ? name : $"{key}.{name}";

    private YamlMappingNode Mapping() => node as YamlMappingNode ?? throw Wrong("must be a mapping");
}
