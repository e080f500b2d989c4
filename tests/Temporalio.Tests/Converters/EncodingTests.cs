using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Tests.Converters;

/// <summary>How values travel.</summary>
public sealed class EncodingTests
{
    private static readonly IPayloadConverter Converter = DataConverter.Default.PayloadConverter;

    [Fact]
    public void ToPayload_OfEachKind_SaysHowItIsEncoded()
    {
        Assert.Equal("binary/null", Encoding(null));
        Assert.Equal("binary/plain", Encoding(new byte[] { 1, 2 }));
        Assert.Equal("json/protobuf", Encoding(new WorkflowExecution { WorkflowId = "w" }));
        Assert.Equal("json/plain", Encoding(new { name = "Ada" }));
        Assert.Equal("temporal.api.common.v1.WorkflowExecution", Converter.ToPayload(new WorkflowExecution()).Metadata["messageType"].ToStringUtf8());
    }

    [Fact]
    public void ToValue_OfEachKind_IsWhatItWas()
    {
        Assert.Null(Converter.ToValue<string>(Converter.ToPayload(null)));
        Assert.Equal([1, 2], Converter.ToValue<byte[]>(Converter.ToPayload(new byte[] { 1, 2 })));
        Assert.Equal("w", Converter.ToValue<WorkflowExecution>(Converter.ToPayload(new WorkflowExecution { WorkflowId = "w" })).WorkflowId);
        Assert.Equal(new Point(3, 4), Converter.ToValue<Point>(Converter.ToPayload(new Point(3, 4))));
        var raw = new RawValue(new Payload { Metadata = { ["encoding"] = Google.Protobuf.ByteString.CopyFromUtf8("of/mine") }, Data = Google.Protobuf.ByteString.CopyFromUtf8("?") });
        Assert.Equal(raw.Payload, Converter.ToPayload(raw));
    }

    [Fact]
    public void ToValue_OfBinaryProtobuf_IsReadToo()
    {
        var message = new WorkflowExecution { WorkflowId = "w", RunId = "r" };
        var payload = new Payload { Metadata = { ["encoding"] = Google.Protobuf.ByteString.CopyFromUtf8("binary/protobuf") }, Data = Google.Protobuf.MessageExtensions.ToByteString(message) };
        Assert.Equal(message, Converter.ToValue<WorkflowExecution>(payload));
    }

    [Fact]
    public void ToValue_OfAnUnknownEncoding_SaysSo()
    {
        var payload = new Payload { Metadata = { ["encoding"] = Google.Protobuf.ByteString.CopyFromUtf8("of/nobody") } };
        Assert.Contains("of/nobody", Assert.ThrowsAny<Exception>(() => Converter.ToValue<string>(payload)).Message, StringComparison.Ordinal);
    }

    private static string Encoding(object? value) => Converter.ToPayload(value).Metadata["encoding"].ToStringUtf8();

    private sealed record Point(int X, int Y);
}
