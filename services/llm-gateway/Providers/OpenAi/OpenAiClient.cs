using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;

namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>Makes one attempt at a completion.</summary>
internal sealed class OpenAiClient(OpenAiSettings settings, TimeProvider clock)
{
    private const long MostBytes = 64 * 1024 * 1024;

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        // A redirect would carry the conversation to an address that nobody configured.
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // Which trace a conversation belongs to is nothing for a third party.
        ActivityHeadersPropagator = null,
    })
    {
        // Whoever asks limits the time, retries included.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The answer, or an <see cref="OpenAiFailure"/>.</summary>
    public async Task<ProviderAnswer> AskAsync(ModelQuestion question, Action<string> onText, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(question);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), MostBytes);
            if (!response.IsSuccessStatusCode)
            {
                throw await OpenAiRefusal.ReadAsync(response, body, settings.Key, clock, cancellationToken);
            }

            return await ReadAsync(response.Content.Headers.ContentType, body, question, onText, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new OpenAiFailure(OpenAiFailureKind.Passing, $"cannot be reached ({exception.HttpRequestError})");
        }
        catch (IOException)
        {
            throw new OpenAiFailure(OpenAiFailureKind.Passing, "broke off its answer");
        }
        catch (AnswerTooLargeException)
        {
            throw new OpenAiFailure(OpenAiFailureKind.Unusable, "sent an answer that is too large");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new OpenAiFailure(OpenAiFailureKind.Unusable, "sent an answer that is not of OpenAI's format");
        }
    }

    // A server that does not stream answers whole, whatever it was asked for.
    private static async Task<ProviderAnswer> ReadAsync(
        MediaTypeHeaderValue? type, Stream body, ModelQuestion question, Action<string> onText, CancellationToken cancellationToken)
    {
        var answer = new AnswerBuilder();
        switch (type?.MediaType)
        {
            case MediaTypeNames.Text.EventStream:
                await EventStream.ReadAsync(body, answer, onText, cancellationToken);
                break;
            case MediaTypeNames.Application.Json:
                using (var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken))
                {
                    answer.AddWhole(document.RootElement);
                }

                break;
            default:
                throw new OpenAiFailure(OpenAiFailureKind.Unusable, $"answered with {type?.MediaType ?? "something of no type"}, not with JSON; an operator may have to mend its 'base_url'");
        }

        return answer.Build(question.Input);
    }

    private HttpRequestMessage Request(ModelQuestion question)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Address)
        {
            Content = new StringContent(OpenAiRequest.Of(question, settings.LimitField).ToJsonString(), Encoding.UTF8, MediaTypeNames.Application.Json),
        };
        request.Headers.UserAgent.ParseAdd("mainstay-llm-gateway");
        request.Headers.Accept.ParseAdd(question.IsStreamed ? MediaTypeNames.Text.EventStream : MediaTypeNames.Application.Json);
        if (settings.Key.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key);
        }

        return request;
    }
}
