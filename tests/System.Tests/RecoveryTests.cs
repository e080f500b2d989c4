using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Demo;
using Mainstay.LocalStack;
using Mainstay.LocalStack.Auth;
using Mainstay.Skills.V1;

namespace Mainstay.SystemTests;

/// <summary>A stack whose every process was killed at once comes up again with all that it had acknowledged.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-recovery-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EverythingWasKilled_HasWhatWasAcknowledged()
    {
        var options = new LocalStackOptions { RunDirectory = directory.FullName, FreePorts = true };
        var first = await LocalEnvironment.StartAsync(options, Cancellation);
        var published = (await Skills(first).RegisterSkillAsync(new RegisterSkillRequest { Skill = SampleFiles.Read<Skill>("skill.yaml") }, Token(first), cancellationToken: Cancellation)).Skill;

        KillEveryProcess();
        await using var second = await LocalEnvironment.StartAsync(options, Cancellation);

        var found = await Skills(second).GetSkillAsync(new GetSkillRequest { SkillName = published.SkillName, Version = published.Version }, Token(second), cancellationToken: Cancellation);
        Assert.Equal(published, found.Skill);
    }

    [Fact]
    public async Task Demo_EverythingIsKilledAfterTheRecovery_EndsAndSaysThatNobodyAnswers()
    {
        await using var environment = await LocalEnvironment.StartAsync(new() { RunDirectory = directory.FullName, FreePorts = true }, Cancellation);
        Workspace.LayOut(environment.WorkspacePath);
        await using var output = new Listener("RECOVERY", KillEveryProcess);

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new CommissioningRun(environment, new ModelChoice("the rehearsal script", IsRehearsal: true), output).ExecuteAsync(Cancellation));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static SkillService.SkillServiceClient Skills(LocalEnvironment environment) =>
        new(GrpcChannel.ForAddress(environment.Endpoints.Services["skills"].Grpc));

    private static Metadata Token(LocalEnvironment environment) => new() { { "authorization", $"Bearer {environment.MintToken(new TokenRequest())}" } };

    // Each part of the stack leads a process group of its own.
    private void KillEveryProcess()
    {
        var leaders = Directory.GetFiles(Path.Combine(directory.FullName, "processes"), "*.stat")
            .Select(file => int.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture))
            .ToList();
        Assert.True(leaders.Count >= 8);
        using var kill = Process.Start("kill", ["-9", "--", .. leaders.Select(leader => $"-{leader}")]);
        kill.WaitForExit();
    }

    /// <summary>Acts when a word is written.</summary>
    private sealed class Listener(string word, Action act) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            if (value?.Contains(word, StringComparison.Ordinal) == true)
            {
                act();
            }
        }
    }
}
