using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Answers reflection v1, whose messages are those of v1alpha under another package.</summary>
public class ReflectionV1ServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry) : ServerReflection.ServerReflectionBase
{
    private readonly ReflectionServiceImpl alpha = new(services, symbolRegistry);

    /// <inheritdoc />
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
        {
            var request = V1Alpha.ServerReflectionRequest.Parser.ParseFrom(requestStream.Current.ToByteString());
            var response = ServerReflectionResponse.Parser.ParseFrom(alpha.Answer(request).ToByteString());
            await responseStream.WriteAsync(response).ConfigureAwait(false);
        }
    }
}
