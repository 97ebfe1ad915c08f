using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>An embedded script behind the shared prelude; sent by its hash, and whole again when the server has forgotten it.</summary>
internal sealed class LuaScript
{
    private readonly string _text;
    private readonly byte[] _hash;

    private LuaScript(string name)
    {
        _text = Read("prelude") + Read(name);
#pragma warning disable CA5350 // Redis names scripts by SHA-1; nothing is protected by it.
        _hash = SHA1.HashData(Encoding.UTF8.GetBytes(_text));
#pragma warning restore CA5350
    }

    public static LuaScript Enqueue { get; } = new("enqueue");
    public static LuaScript Claim { get; } = new("claim");
    public static LuaScript End { get; } = new("end");
    public static LuaScript Renew { get; } = new("renew");
    public static LuaScript Withdraw { get; } = new("withdraw");
    public static LuaScript Status { get; } = new("status");
    public static LuaScript Sweep { get; } = new("sweep");
    public static LuaScript Signals { get; } = new("signals");
    public static LuaScript Heartbeat { get; } = new("heartbeat");
    public static LuaScript Workers { get; } = new("workers");
    public static LuaScript Scale { get; } = new("scale");
    public static LuaScript Decide { get; } = new("decide");
    public static LuaScript DeadLetters { get; } = new("deadletters");
    public static LuaScript Callbacks { get; } = new("callbacks");

    /// <summary>Runs it; <paramref name="arguments"/> begin with the prefix of the queue's keys.</summary>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // EVAL runs it and leaves it in the server's cache.
            object[] call = [_text, keys.Length, .. keys.Select(key => (object)key), .. arguments.Select(value => (object)value)];
            return await database.ExecuteAsync("EVAL", call).ConfigureAwait(false);
        }
    }

    private static string Read(string name)
    {
        var assembly = typeof(LuaScript).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{typeof(LuaScript).Namespace}.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
