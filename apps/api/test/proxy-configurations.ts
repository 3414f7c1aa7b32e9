import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where a proxy listens, what is behind it, and a folder of its own. */
type At = { readonly port: number; readonly upstream: number; readonly folder: string };

/** A reverse proxy as docs/deployments.md configures it. */
export type ReverseProxy = {
  readonly name: string;
  readonly command: string;
  /** Writes the configuration. @returns the arguments that run the proxy in the foreground. */
  configure(at: At): readonly string[];
};

function write(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const nginx = (name: string, directives: string): ReverseProxy => ({
  name,
  command: "nginx",
  configure: ({ port, upstream, folder }) => {
    for (const each of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, each));
    const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((kind) => `${kind}_temp_path ${folder}/${kind.replace("client_", "")};`)
      .join(" ");
    const headers = `proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;`;
    const file = write(
      folder,
      "nginx.conf",
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
events { worker_connections 256; }
http { ${paths} access_log off; client_max_body_size 100k;
  upstream jifen { server 127.0.0.1:${upstream}; keepalive 16; }
  server { listen 127.0.0.1:${port}; ${directives}
    location / { proxy_pass http://jifen; ${headers} }
    location /jifen/ { proxy_pass http://jifen/; ${headers} } } }
`,
    );
    return ["-c", file, "-p", folder];
  },
});

const haproxy = (name: string, check: string): ReverseProxy => ({
  name,
  command: "haproxy",
  configure: ({ port, upstream, folder }) => {
    const file = write(
      folder,
      "haproxy.cfg",
      `global
  maxconn 256
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend site
  bind 127.0.0.1:${port}
  http-request replace-path /jifen/(.*) /\\1 if { path_beg /jifen/ }
  default_backend jifen
backend jifen
  option forwardfor
${check}
  timeout check 5s
  default-server inter 500ms fall 2 rise 1
  server one 127.0.0.1:${upstream} check
`,
    );
    return ["-f", file, "-db"];
  },
});

const caddy: ReverseProxy = {
  name: "Caddy",
  command: "caddy",
  configure: ({ port, upstream, folder }) => {
    const file = write(
      folder,
      "Caddyfile",
      `{
  admin off
  auto_https off
  storage file_system ${folder}
}
http://127.0.0.1:${port} {
  handle_path /jifen/* {
    reverse_proxy 127.0.0.1:${upstream}
  }
  handle {
    reverse_proxy 127.0.0.1:${upstream}
  }
}
`,
    );
    return ["run", "--adapter", "caddyfile", "--config", file];
  },
};

/** Every proxy and way to configure it that is tried. */
export const proxies: readonly ReverseProxy[] = [
  nginx("nginx", 'proxy_http_version 1.1; proxy_set_header Connection "";'),
  nginx(
    "nginx without buffering of requests",
    'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off;',
  ),
  nginx("nginx with HTTP/1.0 to the server", ""),
  haproxy("HAProxy with its plain HTTP/1.0 check", "  option httpchk GET /readyz"),
  haproxy(
    "HAProxy with an HTTP/1.1 check that has a Host",
    "  option httpchk\n  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host jifen",
  ),
  haproxy("HAProxy with an OPTIONS check", "  option httpchk"),
  caddy,
];
