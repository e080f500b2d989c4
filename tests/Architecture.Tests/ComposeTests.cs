using System.Diagnostics;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Architecture.Tests;

public sealed class ComposeTests
{
    private static readonly string[] Services = ["skills", "audit", "llm-gateway", "tool-gateway", "orchestrator"];

    [Fact]
    public void Service_InTheComposeFile_HasHealthCheckUserAndMigration()
    {
        var compose = Parse(RepositoryFiles.Read("docker-compose.yml"));

        Assert.All(Services, service =>
        {
            Assert.Contains("healthcheck", compose[service].Keys);
            Assert.Contains("user", compose[service].Keys);
            Assert.Contains($"migrate-{service}", compose.Keys);
            Assert.True(File.Exists(Path.Combine(RepositoryFiles.Root, "services", service, "Dockerfile")));
        });
    }

    [Fact]
    public void SigningKey_OfTheAuditTrail_IsOutOfReachOfTheOtherServices()
    {
        var compose = Parse(RepositoryFiles.Read("docker-compose.yml"));
        var file = (string)((Dictionary<object, object>)compose["audit"]["environment"])["MAINSTAY__AUDIT__SIGNING_KEY_FILE"];

        var mounting = compose.Where(service => service.Value.TryGetValue("volumes", out var volumes)
            && ((List<object>)volumes).Any(volume => ((string)volume).Split(':')[1] == Path.GetDirectoryName(file)));
        Assert.Equal(["audit", "keys"], mounting.Select(service => service.Key).Order());
    }

    [Fact]
    public void Broker_BeforeTheAuditTrailDeclaresItsQueues_IsToldNotToDropWhatComesBack()
    {
        var compose = Parse(RepositoryFiles.Read("docker-compose.yml"));
        var command = ((List<object>)compose["broker-policy"]["command"]).Cast<string>().ToList();
        var at = command.IndexOf("set_policy");

        Assert.All((string[])["mainstay.audit.store", "mainstay.audit.store.dead"], queue => Assert.Matches(command[at + 2], queue));
        Assert.True((long)JsonNode.Parse(command[at + 3])!["delivery-limit"]! >= 1_000_000);
        Assert.Equal(compose["rabbitmq"]["image"], compose["broker-policy"]["image"]);
        var condition = (Dictionary<object, object>)((Dictionary<object, object>)compose["audit"]["depends_on"])["broker-policy"];
        Assert.Equal("service_completed_successfully", condition["condition"]);
    }

    [Fact]
    public void Dockerfile_OfEachService_RunsWithoutRoot() =>
        Assert.All(Services, service => Assert.Contains("\nUSER 10001:10001\n", RepositoryFiles.Read($"services/{service}/Dockerfile"), StringComparison.Ordinal));

    [Fact]
    public async Task ComposeFile_GivenToDockerCompose_Validates()
    {
        var (exitCode, output) = await ConfigAsync(TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, $"{output}{Environment.NewLine}Compose itself is missing? './build.sh setup' installs it.");
    }

    private static Dictionary<string, Dictionary<object, object>> Parse(string yaml)
    {
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(yaml)));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser);
        return ((Dictionary<object, object>)file["services"]).ToDictionary(service => (string)service.Key, service => (Dictionary<object, object>)service.Value);
    }

    private static async Task<(int ExitCode, string Output)> ConfigAsync(CancellationToken cancellationToken)
    {
        // Debian's compose is a program of its own; newer ones are a part of docker.
        var standalone = File.Exists("/usr/bin/docker-compose");
        var start = new ProcessStartInfo(standalone ? "docker-compose" : "docker")
        {
            WorkingDirectory = RepositoryFiles.Root,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["MAINSTAY_POSTGRES_PASSWORD"] = "for-validation", ["MAINSTAY_RABBITMQ_PASSWORD"] = "for-validation" },
        };
        foreach (var word in (string[])[.. standalone ? Array.Empty<string>() : ["compose"], "--file", "docker-compose.yml", "config", "--quiet"])
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
