using System.Net;
using System.Text.Json;

namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>Reads a refusal: by its status, and for callers' own mistakes by what the provider says about it.</summary>
internal static class OpenAiRefusal
{
    private const int MostBytes = 64 * 1024;
    private const int LongestMessage = 1000;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    public static async Task<OpenAiFailure> ReadAsync(HttpResponseMessage response, Stream body, string key, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (message, code) = await DetailsAsync(body, cancellationToken);
        var status = (int)response.StatusCode;
        return response.StatusCode switch
        {
            // What it says about a key may hold a part of it.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(OpenAiFailureKind.RefusedKey, $"refuses the gateway's key ({status})"),
            HttpStatusCode.PaymentRequired => new(OpenAiFailureKind.RefusedKey, $"wants to be paid ({status})"),
            HttpStatusCode.TooManyRequests when code is "insufficient_quota" => new(OpenAiFailureKind.RefusedKey, "says that the account's quota is used up"),
            HttpStatusCode.TooManyRequests => new(OpenAiFailureKind.RateLimited, "limits the rate", RetryAfter(response, clock)),
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict => new(OpenAiFailureKind.Passing, $"answered {status}", RetryAfter(response, clock)),
            _ when status >= 500 => new(OpenAiFailureKind.Passing, $"answered {status}", RetryAfter(response, clock)),
            _ when status >= 400 => new(OpenAiFailureKind.RefusedRequest, WithoutKey(message.Length > 0 ? message : $"it answered {status}.", key)),
            _ => new(OpenAiFailureKind.Unusable, $"answered {status}; an operator may have to mend its 'base_url'"),
        };
    }

    /// <summary>The provider's words, cut to a sensible length, from the member "error" of an answer.</summary>
    public static (string Message, string Code) Details(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("error", out var error))
        {
            return ("", "");
        }

        var message = error.ValueKind == JsonValueKind.String ? error.GetString()! : AnswerBuilder.Text(error, "message");
        return (message.Length <= LongestMessage ? message : $"{message[..LongestMessage]}…", AnswerBuilder.Text(error, "code"));
    }

    private static async Task<(string Message, string Code)> DetailsAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            await using var limited = new BoundedStream(body, MostBytes);
            using var document = await JsonDocument.ParseAsync(limited, cancellationToken: cancellationToken);
            return Details(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException or HttpRequestException or AnswerTooLargeException)
        {
            // The status says enough.
            return ("", "");
        }
    }

    private static string WithoutKey(string message, string key) => key.Length == 0 ? message : message.Replace(key, "(the key)", StringComparison.Ordinal);

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => null,
        };
        return asked is not { } wait || wait <= TimeSpan.Zero ? null : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }
}
