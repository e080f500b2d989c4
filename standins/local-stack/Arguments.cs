namespace Mainstay.LocalStack;

/// <summary>Reads <c>--name value</c> and <c>--flag</c> options, and names the one that it does not know.</summary>
internal sealed class Arguments
{
    private const string Set = "set";
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> words)
    {
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                Positional.Add(word);
            }
            else if (word.IndexOf('=') is var equals and > 0)
            {
                Add(word[2..equals], word[(equals + 1)..]);
            }
            else
            {
                var hasValue = index + 1 < words.Count && !words[index + 1].StartsWith("--", StringComparison.Ordinal);
                Add(word[2..], hasValue ? words[++index] : "true");
            }
        }
    }

    /// <summary>The words that belong to no option.</summary>
    public List<string> Positional { get; } = [];

    /// <summary>The configuration given by <c>--set key=value</c>, as often as it was given.</summary>
    public IReadOnlyDictionary<string, string> Settings => settings;

    /// <summary>Whether a flag was given.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>An option's value, or null.</summary>
    public string? Value(string name) => values.GetValueOrDefault(name);

    /// <summary>Refuses every option that the command does not know.</summary>
    public void RequireKnown(params IEnumerable<string> known)
    {
        if (values.Keys.Except(known).FirstOrDefault() is { } unknown)
        {
            throw new LocalStackException($"There is no option --{unknown} here.");
        }
    }

    private void Add(string name, string value)
    {
        if (name != Set)
        {
            values[name] = value;
        }
        else if (value.Split('=', 2) is [{ Length: > 0 } key, var setting])
        {
            settings[key] = setting;
        }
        else
        {
            throw new LocalStackException($"'--set {value}' sets nothing; write --set key=value, for example --set services:skills:grpc=7201.");
        }
    }
}
