using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Where the responses of a call come from.</summary>
internal interface IResponseSource<TResponse>
    where TResponse : class
{
    /// <summary>Reads the next response; null once the call has ended well, an exception when it has not.</summary>
    ValueTask<TResponse?> ReadNextAsync();

    /// <summary>Ends the call.</summary>
    void Cancel();
}

/// <summary>A call, whether it is tried once or several times.</summary>
internal interface IGrpcCall<TRequest, TResponse> : IResponseSource<TResponse>, IDisposable
    where TRequest : class
    where TResponse : class
{
    IAsyncStreamReader<TResponse> Responses { get; }

    Task<Metadata> HeadersAsync { get; }

    void SendSingle(TRequest request);

    IClientStreamWriter<TRequest> SendStream();

    Task<TResponse> ReadSingleAsync();

    Status GetStatus();

    Metadata GetTrailers();
}
