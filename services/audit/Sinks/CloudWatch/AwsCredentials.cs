using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Mainstay.Audit.Sinks.CloudWatch;

/// <summary>Where the credentials for AWS come from.</summary>
internal interface IAwsCredentials
{
    Task<ImmutableCredentials> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Credentials of the configuration.</summary>
internal sealed class FixedCredentials(string keyId, string secret, string sessionToken) : IAwsCredentials
{
    private readonly ImmutableCredentials credentials = new(keyId, secret, sessionToken.Length > 0 ? sessionToken : null);

    public Task<ImmutableCredentials> GetAsync(CancellationToken cancellationToken) => Task.FromResult(credentials);
}

/// <summary>Credentials of the surroundings, as AWS tools find them: environment, profile, web identity, container, instance.</summary>
internal sealed class AmbientCredentials : IAwsCredentials
{
    private readonly DefaultAWSCredentialsIdentityResolver resolver = new();

    public async Task<ImmutableCredentials> GetAsync(CancellationToken cancellationToken)
    {
        var found = await resolver.ResolveIdentityAsync(null, cancellationToken);
        return await found.GetCredentialsAsync();
    }
}
