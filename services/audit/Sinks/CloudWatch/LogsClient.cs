using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.CloudWatch;

/// <summary>Where in CloudWatch events go.</summary>
internal sealed record LogTarget(string Group, string Stream);

/// <summary>Calls the API of CloudWatch Logs (2014-03-28).</summary>
internal sealed class LogsClient(Uri url, SignedHeaders signer, SinkHttp http, TimeProvider clock) : IDisposable
{
    private const string MediaType = "application/x-amz-json-1.1";

    /// <summary>Calls an operation.</summary>
    public async Task<LogsAnswer> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request);
        var target = $"Logs_20140328.{operation}";
        var headers = new Dictionary<string, string> { ["host"] = url.Authority, ["content-type"] = MediaType, ["x-amz-target"] = target };
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(MediaType) } },
        };
        message.Headers.Add("x-amz-target", target);
        foreach (var (name, value) in await signer.ForAsync(headers, body, clock.GetUtcNow(), cancellationToken))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return LogsAnswer.Read(await http.SendAsync(message, cancellationToken));
    }

    public void Dispose() => http.Dispose();
}
