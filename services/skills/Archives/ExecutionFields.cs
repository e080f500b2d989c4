using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Archives;

/// <summary>Reads how a skill is executed from its front matter.</summary>
internal static class ExecutionFields
{
    // As many as a number of the front matter can count exactly.
    private const double MostWhole = 9_007_199_254_740_991;

    /// <summary>The defaults of its runs; null where the front matter says nothing of them.</summary>
    public static ExecutionConfig? Read(FrontMatter head)
    {
        var execution = new ExecutionConfig
        {
            Model = head.Text("model"),
            MaxIterations = Number(head, "max-iterations") ?? 0,
            MaxOutputTokens = Number(head, "max-output-tokens") ?? 0,
            MaxTotalTokens = Whole(head, "max-total-tokens", MostWhole) ?? 0,
            BudgetMicroUsd = Whole(head, "budget-micro-usd", MostWhole) ?? 0,
        };
        if (head.Number("temperature") is { } temperature)
        {
            execution.Temperature = temperature;
        }

        if (Number(head, "max-retries") is { } retries)
        {
            execution.MaxRetries = retries;
        }

        if (head.Text("timeout") is { Length: > 0 } timeout)
        {
            execution.Timeout = Timeout(timeout);
        }

        return execution.CalculateSize() > 0 ? execution : null;
    }

    private static int? Number(FrontMatter head, string key) => (int?)Whole(head, key, int.MaxValue);

    private static long? Whole(FrontMatter head, string key, double most) => head.Number(key) switch
    {
        null => null,
        { } number when double.IsInteger(number) && Math.Abs(number) <= most => (long)number,
        _ => throw FrontMatter.Invalid(key, "must be a whole number"),
    };

    private static Duration Timeout(string text)
    {
        try
        {
            return JsonParser.Default.Parse<Duration>($"\"{text}\"");
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw FrontMatter.Invalid("timeout", "must be seconds such as 300s");
        }
    }
}
