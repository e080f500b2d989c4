using Mainstay.LocalStack.Dependencies;
using Mainstay.LocalStack.Processes;
using Npgsql;

namespace Mainstay.LocalStack.Services;

/// <summary>Finds PostgreSQL and RabbitMQ: those of the environment, else containers, else private processes.</summary>
internal sealed class StackDependencies(RunDirectory directory, ProcessTable processes, Action<string> progress)
{
    public const string PostgresVariable = "MAINSTAY_POSTGRES";
    public const string RabbitMqVariable = "MAINSTAY_RABBITMQ_URI";

    /// <summary>Returns once both answer.</summary>
    public async Task<(NpgsqlConnectionStringBuilder Postgres, Uri RabbitMq)> StartAsync(CancellationToken cancellationToken)
    {
        var givenPostgres = await GivenPostgresAsync(cancellationToken);
        var givenRabbitMq = await GivenRabbitMqAsync(cancellationToken);
        if (givenPostgres is null && givenRabbitMq is null && await ComposeDependencies.IsAvailableAsync(cancellationToken))
        {
            progress("  starting PostgreSQL and RabbitMQ with docker compose");
            return await new ComposeDependencies(directory).StartAsync(cancellationToken);
        }

        var missing = (string[])[.. givenPostgres is null ? [DebianPackages.PostgreSql] : Array.Empty<string>(), .. givenRabbitMq is null ? [DebianPackages.RabbitMq] : Array.Empty<string>()];
        await DebianPackages.EnsureAsync(missing, cancellationToken);
        var postgres = givenPostgres is null ? new LocalPostgres(directory, processes).StartAsync(cancellationToken) : Task.FromResult(givenPostgres);
        var rabbitMq = givenRabbitMq is null ? new LocalRabbitMq(directory, processes).StartAsync(cancellationToken) : Task.FromResult(givenRabbitMq);
        await Task.WhenAll(postgres, rabbitMq);
        progress($"  {LocalPostgres.Name,-13} ready on {(await postgres).Host}:{(await postgres).Port}");
        progress($"  {LocalRabbitMq.Name,-13} ready on {(await rabbitMq).Host}:{(await rabbitMq).Port}");
        return (await postgres, await rabbitMq);
    }

    private static async Task<NpgsqlConnectionStringBuilder?> GivenPostgresAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(PostgresVariable) is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            var given = new NpgsqlConnectionStringBuilder(text) { Pooling = false };
            given.Database ??= "postgres";
            return await PostgresProbe.AnswersAsync(given, cancellationToken)
                ? given
                : throw new LocalStackException($"The PostgreSQL of {PostgresVariable} ({given.Host}:{given.Port}) does not take the connection; start it, correct the variable, or unset it.");
        }
        catch (ArgumentException e)
        {
            throw new LocalStackException($"{PostgresVariable} is no connection string; write for example 'Host=127.0.0.1;Username=mainstay;Password=…'.", e);
        }
    }

    private static async Task<Uri?> GivenRabbitMqAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(RabbitMqVariable) is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var given) || given.Scheme is not ("amqp" or "amqps"))
        {
            throw new LocalStackException($"{RabbitMqVariable} is no AMQP address; write for example 'amqp://user:password@127.0.0.1:5672'.");
        }

        return await RabbitMqProbe.AnswersAsync(given, cancellationToken)
            ? given
            : throw new LocalStackException($"The RabbitMQ of {RabbitMqVariable} ({given.Host}:{given.Port}) does not take the connection; start it, correct the variable, or unset it.");
    }
}
