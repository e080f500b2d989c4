using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Core;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Mainstay.Skills.Archives;

/// <summary>What stands at the head of SKILL.md, between two lines of three dashes.</summary>
internal sealed partial class FrontMatter
{
    private const int MostCharacters = 64 * 1024;

    // What the format of Agent Skills has and a version has no place for: let pass, not kept.
    private static readonly string[] NotKept = ["license", "compatibility", "metadata"];

    private readonly Dictionary<string, object?> entries;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    private FrontMatter(Dictionary<string, object?> entries) => this.entries = entries;

    /// <summary>Parts the head from the text below it.</summary>
    public static (FrontMatter Head, string Body) Parse(string document)
    {
        var parts = Fenced().Match(document);
        if (!parts.Success || parts.Groups["head"].Length > MostCharacters)
        {
            throw SkillErrors.ArchiveInvalid("archive/SKILL.md", "must begin with front matter: a line of ---, YAML of at most 64 KiB, a line of ---");
        }

        try
        {
            var yaml = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>>(parts.Groups["head"].Value);
            return (new FrontMatter(yaml ?? []), parts.Groups["body"].Value);
        }
        catch (YamlException exception)
        {
            throw SkillErrors.ArchiveInvalid("archive/SKILL.md", string.Create(CultureInfo.InvariantCulture, $"has front matter that is no YAML: line {exception.Start.Line + 1}, column {exception.Start.Column}"));
        }
    }

    /// <summary>A text; empty when it is not there.</summary>
    public string Text(string key) => Take(key) switch
    {
        null => "",
        string text => text,
        _ => throw Invalid(key, "must be a text"),
    };

    /// <summary>A list, written as one or as words with spaces between; empty when it is not there.</summary>
    public IReadOnlyList<string> List(string key) => Take(key) switch
    {
        null => [],
        string words => words.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        IList<object?> items when items.All(item => item is string) => [.. items.Cast<string>()],
        _ => throw Invalid(key, "must be a list of texts, or texts with spaces between"),
    };

    /// <summary>A number; null when it is not there.</summary>
    public double? Number(string key) => Text(key) is not { Length: > 0 } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid(key, "must be a number");

    /// <summary>Refuses what nobody has read: it would be lost without a word.</summary>
    public void RequireNothingElse()
    {
        if (entries.Keys.Except(read).Except(NotKept).FirstOrDefault() is { } unknown)
        {
            throw Invalid(unknown, "is not known in the front matter of a skill");
        }
    }

    /// <summary>The refusal of one entry.</summary>
    public static RpcException Invalid(string key, string description) => SkillErrors.ArchiveInvalid($"archive/SKILL.md#{key}", description);

    [GeneratedRegex(@"\A---\r?\n(?<head>(?:.*?\n)??)---(?:\r?\n(?<body>.*))?\z", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    private object? Take(string key)
    {
        read.Add(key);
        return entries.GetValueOrDefault(key);
    }
}
