using System.Net.Http.Headers;
using Google.Protobuf;
using Mainstay.Audit.Sinks.Http;
using OpenTelemetry.Proto.Collector.Logs.V1;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>OTLP over HTTP: protobuf, compressed.</summary>
internal sealed class HttpLogsExporter(Uri url, IReadOnlyDictionary<string, string> headers, SinkHttp http) : ILogsExporter
{
    public async Task<LogsExport> ExportAsync(ExportLogsServiceRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(Gzip.Compress([request.ToByteArray()]))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf"), ContentEncoding = { "gzip" } },
            },
        };
        foreach (var (name, value) in headers)
        {
            message.Headers.Add(name, value);
        }

        // By the protocol only 429, 502, 503 and 504 are retried; but an audit trail does not give up over a server's error.
        var answer = await http.SendAsync(message, cancellationToken);
        return answer.IsSuccess ? Read(answer.Body) : new LogsExport(answer.ToDelivery());
    }

    public void Dispose() => http.Dispose();

    private static LogsExport Read(byte[] body)
    {
        try
        {
            return LogsExport.Of(ExportLogsServiceResponse.Parser.ParseFrom(body));
        }
        catch (InvalidProtocolBufferException)
        {
            // A collector that answers 2xx has taken the records, whatever its body is.
            return new LogsExport(Delivery.Complete);
        }
    }
}
