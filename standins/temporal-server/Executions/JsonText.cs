using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Texts of the server's own, as every SDK can read them.</summary>
internal static class JsonText
{
    /// <summary>The text as one JSON payload.</summary>
    public static Payloads Of(string text) => new()
    {
        Payloads_ =
        {
            new Payload
            {
                Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") },
                Data = ByteString.CopyFrom(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(text)),
            },
        },
    };
}
