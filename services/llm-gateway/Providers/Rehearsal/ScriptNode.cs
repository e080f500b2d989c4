using System.Globalization;
using System.Text.RegularExpressions;
using Mainstay.ServiceDefaults.Configuration;
using YamlDotNet.RepresentationModel;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>A value of a script's file, with refusals that name its file, line and key.</summary>
internal sealed record ScriptNode(string File, string Key, YamlNode Node)
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Refuses the value.</summary>
    public ScriptException Refuse(string problem) => new($"{File}({Node.Start.Line},{Node.Start.Column}): '{(Key.Length == 0 ? "(script)" : Key)}' {problem}");

    /// <summary>The members of a mapping, by name; refuses names that are not known.</summary>
    public IReadOnlyDictionary<string, ScriptNode> Members(params string[] known)
    {
        var members = new Dictionary<string, ScriptNode>(StringComparer.Ordinal);
        foreach (var (name, value) in Node is YamlMappingNode mapping ? mapping.Children : throw Refuse("must be a mapping of keys to values"))
        {
            var text = name.ToString();
            var member = new ScriptNode(File, Key.Length == 0 ? text : $"{Key}.{text}", value);
            if (known.Length > 0 && !known.Contains(text))
            {
                throw (member with { Node = name }).Refuse($"is not a known key; known here are {string.Join(", ", known)}");
            }

            members[text] = member;
        }

        return members;
    }

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<ScriptNode> Items() => Node is YamlSequenceNode items
        ? [.. items.Children.Select((item, index) => new ScriptNode(File, $"{Key}[{index}]", item))]
        : throw Refuse("must be a list");

    public string Text() => Node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Refuse("must be a text");

    public int Number(int least, int most) => int.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
        ? number
        : throw Refuse($"must be a whole number, {least} to {most}, not '{Text()}'");

    public bool Flag() => bool.TryParse(Text(), out var flag) ? flag : throw Refuse($"must be true or false, not '{Text()}'");

    public TimeSpan Duration() => Durations.TryParse(Text(), out var duration)
        ? duration
        : throw Refuse($"must be a duration such as 20ms or 1s, not '{Text()}'");

    public T Choice<T>(IReadOnlyDictionary<string, T> choices) => choices.TryGetValue(Text(), out var choice)
        ? choice
        : throw Refuse($"must be one of {string.Join(", ", choices.Keys)}, not '{Text()}'");

    public Regex Pattern()
    {
        try
        {
            return new Regex(Text(), RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (ArgumentException exception)
        {
            throw Refuse($"must be a regular expression: {exception.Message}");
        }
    }
}
