using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Asks call credentials for the metadata of one call.</summary>
internal sealed class CallCredentialsReader : CallCredentialsConfiguratorBase
{
    private readonly List<AsyncAuthInterceptor> interceptors = [];

    public static async Task<Metadata?> ReadAsync(GrpcChannel channel, CallCredentials? ofCall, IMethod method, CancellationToken cancellationToken)
    {
        if (ofCall is null && channel.Credentials.CallCredentials.Count == 0)
        {
            return null;
        }

        if (ofCall is not null && !channel.Credentials.IsSecure && !channel.Options.UnsafeUseInsecureChannelCallCredentials)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "Call credentials need a secure channel."));
        }

        var reader = new CallCredentialsReader();
        foreach (var credentials in channel.Credentials.CallCredentials)
        {
            credentials.InternalPopulateConfiguration(reader, null);
        }

        ofCall?.InternalPopulateConfiguration(reader, null);

        var metadata = new Metadata();
        var serviceUrl = new Uri(channel.Address, method.ServiceName).ToString();
        foreach (var interceptor in reader.interceptors)
        {
            await interceptor(new AuthInterceptorContext(serviceUrl, method.Name, cancellationToken), metadata).ConfigureAwait(false);
        }

        return metadata;
    }

    public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
    {
        foreach (var each in credentials)
        {
            each.InternalPopulateConfiguration(this, state);
        }
    }

    public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) => interceptors.Add(interceptor);
}
