using Mainstay.Audit.Sinks.Shaping;

namespace Mainstay.Audit.Sinks;

/// <summary>Reads <c>audit.sinks</c>; a bad entry is refused by its key.</summary>
internal static class ReadSinks
{
    /// <summary>The keys that every sink has.</summary>
    public static IReadOnlyList<string> CommonKeys { get; } =
        ["name", "type", "format", "include", "exclude", "redact", "remove", "start", "first_backoff", "longest_backoff"];

    private const int MostNameCharacters = 100;

    /// <summary>Says how each sink of the configuration is made.</summary>
    public static IReadOnlyList<Func<TimeProvider, ConfiguredSink>> From(IConfiguration configuration, IReadOnlyList<ISinkType> types)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var prepared = new List<Func<TimeProvider, ConfiguredSink>>();
        foreach (var section in configuration.GetSection("audit:sinks").GetChildren())
        {
            var settings = new SinkSettings(configuration, section);
            if (settings.Name.Length > MostNameCharacters)
            {
                throw settings.Refuse("name", $"must have at most {MostNameCharacters} characters");
            }

            if (!names.Add(settings.Name))
            {
                throw settings.Refuse("name", $"is '{settings.Name}', which another sink has already");
            }

            var type = types.SingleOrDefault(type => type.Type == settings.Type)
                ?? throw settings.Refuse("type", $"must be one of {string.Join(", ", types.Select(type => type.Type))}, not '{settings.Type}'");
            settings.Allow([.. CommonKeys, .. type.Keys]);
            prepared.Add(Prepare(settings, type));
        }

        return prepared;
    }

    private static Func<TimeProvider, ConfiguredSink> Prepare(SinkSettings settings, ISinkType type)
    {
        var format = settings.OneOf("format", "plain", [.. EventFormats.All.Select(format => format.Name)]);
        var shape = new EventShape(EventFilter.Read(settings), Redaction.Read(settings), EventFormats.All.Single(one => one.Name == format));
        var retries = ReadRetries(settings, type.Retries);
        var fromBeginning = settings.OneOf("start", "beginning", "beginning", "now") == "beginning";
        var make = type.Prepare(settings);
        var name = settings.Name;
        return clock => new ConfiguredSink(name, type.Type, make(clock), shape, retries, fromBeginning);
    }

    private static Retries ReadRetries(SinkSettings settings, Retries otherwise)
    {
        var first = settings.Duration("first_backoff", TimeSpan.FromSeconds(1));
        var longest = settings.Duration("longest_backoff", TimeSpan.FromMinutes(5));
        return settings.Text("first_backoff", "").Length + settings.Text("longest_backoff", "").Length == 0 ? otherwise
            : longest < first ? throw settings.Refuse("longest_backoff", "must not be shorter than first_backoff")
            : Retries.Doubling(first, longest);
    }
}
