using System.Text.RegularExpressions;
using Amazon;
using Mainstay.Audit.Sinks.Http;

namespace Mainstay.Audit.Sinks.CloudWatch;

/// <summary>Sinks of type <c>cloudwatch</c>.</summary>
internal sealed partial class CloudWatchSinkType : ISinkType
{
    public string Type => "cloudwatch";

    public IReadOnlyList<string> Keys =>
        ["region", "log_group", "log_stream", "create_stream", "access_key_id", "secret_access_key", "session_token", "url", "gathering", "timeout"];

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        var region = RegionEndpoint.GetBySystemName(settings.Required("region"));
        var url = settings.Address("url", $"https://logs.{region.SystemName}.{region.PartitionDnsSuffix}");
        var target = Target(settings);
        var createStream = settings.Flag("create_stream", true);
        var credentials = Credentials(settings);
        var gathering = settings.Duration("gathering", TimeSpan.FromSeconds(5));
        var timeout = settings.Duration("timeout", TimeSpan.FromSeconds(30));
        return clock => new CloudWatchSink(
            new LogsClient(url, new SignedHeaders(credentials, region.SystemName), new SinkHttp(timeout, clock), clock), target, createStream, gathering, clock);
    }

    // CloudWatch refuses another name with the same error as an event that it does not take: the whole trail would end among the dead letters.
    private static LogTarget Target(SinkSettings settings)
    {
        var target = new LogTarget(settings.Required("log_group"), settings.Required("log_stream"));
        return !GroupName().IsMatch(target.Group) ? throw settings.Refuse("log_group", "must be 1 to 512 of letters, digits and . - _ / #")
            : !StreamName().IsMatch(target.Stream) ? throw settings.Refuse("log_stream", "must be 1 to 512 characters without : and *")
            : target;
    }

    private static IAwsCredentials Credentials(SinkSettings settings)
    {
        var keyId = settings.Text("access_key_id", "");
        var secret = settings.Text("secret_access_key", "");
        return (keyId.Length > 0, secret.Length > 0) switch
        {
            (true, true) => new FixedCredentials(keyId, secret, settings.Text("session_token", "")),
            (true, false) => throw settings.Refuse("secret_access_key", "must be set where access_key_id is"),
            (false, true) => throw settings.Refuse("access_key_id", "must be set where secret_access_key is"),
            _ => new AmbientCredentials(),
        };
    }

    [GeneratedRegex(@"^[.\-_/#A-Za-z0-9]{1,512}\z")]
    private static partial Regex GroupName();

    [GeneratedRegex(@"^[^:*]{1,512}\z")]
    private static partial Regex StreamName();
}
