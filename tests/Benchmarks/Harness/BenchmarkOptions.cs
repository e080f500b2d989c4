using System.Globalization;

namespace Mainstay.Benchmarks.Harness;

/// <summary>How long and how often to measure; what a benchmark alone knows is among the other values.</summary>
internal sealed class BenchmarkOptions
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>How often each side is measured; default 5.</summary>
    public int Repeats => Number("repeats", 5);

    /// <summary>How long one measurement under load lasts; default 3 s.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Number("seconds", 3));

    /// <summary>The measures whose names contain this are made; empty, the default, means all.</summary>
    public string Only => values.GetValueOrDefault("only", "");

    /// <summary>Reads <c>--name value</c> after the benchmark's name.</summary>
    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (var index = 1; index < arguments.Length; index += 2)
        {
            if (!arguments[index].StartsWith("--", StringComparison.Ordinal) || index + 1 == arguments.Length)
            {
                throw new ArgumentException($"'{arguments[index]}' is no option with a value; write --name value.");
            }

            options.values[arguments[index][2..]] = arguments[index + 1];
        }

        return options;
    }

    /// <summary>A whole number that an option gives.</summary>
    public int Number(string name, int otherwise) =>
        !values.TryGetValue(name, out var value) ? otherwise
        : int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new ArgumentException($"--{name} is a whole number above 0.");
}
