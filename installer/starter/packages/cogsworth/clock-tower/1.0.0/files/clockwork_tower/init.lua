-- A clock that says the time and strikes the hours.

local CLOCK = "clockwork_tower:clock"
local HEARD_WITHIN = 48

local function show_time(pos)
	minetest.get_meta(pos):set_string("infotext", "It is " .. clockwork_hands.words())
end

minetest.register_node(CLOCK, {
	description = "Tower Clock",
	tiles = {
		"clockwork_tower_side.png",
		"clockwork_tower_side.png",
		"clockwork_tower_side.png",
		"clockwork_tower_side.png",
		"clockwork_tower_side.png",
		"clockwork_tower_face.png",
	},
	paramtype2 = "facedir",
	light_source = 3,
	groups = { choppy = 2, oddly_breakable_by_hand = 1 },
	sounds = default.node_sound_wood_defaults(),
	on_construct = function(pos)
		show_time(pos)
		minetest.get_node_timer(pos):start(5)
	end,
	on_timer = function(pos)
		show_time(pos)
		return true
	end,
	on_rightclick = function(pos, _, player)
		local name = player and player:get_player_name() or ""
		minetest.chat_send_player(name, "The pendulum has swung " .. clockwork_pendulum.swings() .. " times.")
		show_time(pos)
	end,
})

minetest.register_craft({
	output = CLOCK,
	recipe = {
		{ "default:stonebrick", "clockwork_case:case", "default:stonebrick" },
		{ "default:stonebrick", "clockwork_chime:chime", "default:stonebrick" },
		{ "default:stonebrick", "default:stonebrick", "default:stonebrick" },
	},
})

clockwork_chime.on_hour(function(hour)
	for _, player in ipairs(minetest.get_connected_players()) do
		if minetest.find_node_near(player:get_pos(), HEARD_WITHIN, CLOCK) then
			minetest.chat_send_player(player:get_player_name(), "The clock strikes " .. hour .. ".")
		end
	end
end)

minetest.log("action", "[clockwork_tower] ten parts, one clock")
