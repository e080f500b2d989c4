namespace Mainstay.LocalStack;

/// <summary>Reads <c>--name value</c> and <c>--flag</c> options, and names the one that it does not know.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> words)
    {
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (word == "--")
            {
                Rest = [.. words.Skip(index + 1)];
                break;
            }

            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                Positional.Add(word);
            }
            else if (word.IndexOf('=') is var equals and > 0)
            {
                values[word[2..equals]] = word[(equals + 1)..];
            }
            else
            {
                var hasValue = index + 1 < words.Count && !words[index + 1].StartsWith("--", StringComparison.Ordinal);
                values[word[2..]] = hasValue ? words[++index] : "true";
            }
        }
    }

    /// <summary>The words that belong to no option.</summary>
    public List<string> Positional { get; } = [];

    /// <summary>The words after <c>--</c>.</summary>
    public IReadOnlyList<string> Rest { get; } = [];

    /// <summary>Whether a flag was given.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>An option's value, or null.</summary>
    public string? Value(string name) => values.GetValueOrDefault(name);

    /// <summary>The options that were given; a configuration key keeps its colons.</summary>
    public IReadOnlyDictionary<string, string> Options => values;

    /// <summary>Refuses every option that the command does not know.</summary>
    public void RequireKnown(params IEnumerable<string> known)
    {
        if (values.Keys.Except(known).FirstOrDefault() is { } unknown)
        {
            throw new LocalStackException($"There is no option --{unknown} here.");
        }
    }
}
