namespace Mainstay.Audit.Sinks.Amqp;

/// <summary>Sinks of type <c>amqp</c>.</summary>
internal sealed class AmqpSinkType : ISinkType
{
    public string Type => "amqp";

    public IReadOnlyList<string> Keys => ["uri", "exchange", "timeout"];

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        // The address holds a password and stays out of the message.
        if (!Uri.TryCreate(settings.Required("uri"), UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            throw settings.Refuse("uri", "must be an amqp or amqps address");
        }

        var exchange = settings.Required("exchange");
        if (exchange == "mainstay.audit")
        {
            throw settings.Refuse("exchange", "must not be 'mainstay.audit', from which the trail comes");
        }

        var timeout = settings.Duration("timeout", TimeSpan.FromSeconds(30));
        return clock => new AmqpSink(uri, exchange, timeout, clock);
    }
}
